//! Statements: a PDF document for each month, with what was booked in it.

use banklink_domain::accounts::{Account, Statement, StatementId, Transaction};
use jiff::{ToSpan, civil::Date};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};
use rust_decimal::Decimal;

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
const LINE: f32 = 14.0;

/// Lines of one page.
const LINES: usize = 50;

const FONT: Name<'static> = Name(b"F1");

/// Those of the last months that are over, newest first, as far back as the account goes. `transactions` are all of the
/// account's, oldest first.
pub(super) fn of_months(account: &Account, transactions: &[Transaction], months: u8, today: Date) -> Vec<Statement> {
    let Some(opened) = transactions.first().map(|first| first.date) else { return Vec::new() };
    let mut statements = Vec::new();
    let mut from = today.first_of_month();
    for _ in 0..months {
        from = from.saturating_sub(1.month());
        if from < opened.first_of_month() {
            break;
        }
        statements.push(statement(account, transactions, from));
    }
    statements
}

fn statement(account: &Account, transactions: &[Transaction], from: Date) -> Statement {
    let to = from.last_of_month();
    let before = transactions.iter().take_while(|transaction| transaction.date < from).last();
    let booked: Vec<_> = transactions.iter().filter(|booked| (from..=to).contains(&booked.date)).collect();
    let opening = before.map_or(Decimal::ZERO, |last| last.balance);
    let closing = booked.last().map_or(opening, |last| last.balance);
    let line = |date, amount: &str, balance, words: &str| format!("{date}  {amount:>12}  {balance:>12}  {words}");
    let mut lines = vec![
        account.holder.clone(),
        format!("{} {}", account.name, account.number),
        format!("{from} - {to}"),
        String::new(),
        line(from, "", opening, account.currency.as_str()),
    ];
    let booked = booked.into_iter();
    lines.extend(
        booked.map(|booked| line(booked.date, &booked.amount.to_string(), booked.balance, &booked.description)),
    );
    lines.push(line(to, "", closing, account.currency.as_str()));
    let id = StatementId::new(format!("{}-{}", account.id, from.strftime("%Y-%m")));
    Statement { id, from, to, pdf: document(&lines) }
}

/// A document of these lines, on as many pages as they take.
fn document(lines: &[String]) -> Vec<u8> {
    let (catalog, tree, font) = (Ref::new(1), Ref::new(2), Ref::new(3));
    let sheets: Vec<(Ref, Ref, &[String])> = (4..)
        .step_by(2)
        .zip(lines.chunks(LINES))
        .map(|(number, lines)| (Ref::new(number), Ref::new(number + 1), lines))
        .collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    let count = i32::try_from(sheets.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(sheets.iter().map(|(page, ..)| *page)).count(count);
    // Of the fonts that every reader has, one whose figures stand below each other.
    pdf.type1_font(font).base_font(Name(b"Courier")).encoding_predefined(Name(b"WinAnsiEncoding"));
    for (page, content, lines) in sheets {
        let mut sheet = pdf.page(page);
        sheet.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(content);
        sheet.resources().fonts().pair(FONT, font);
        sheet.finish();
        pdf.stream(content, &written(lines));
    }
    pdf.finish()
}

fn written(lines: &[String]) -> Vec<u8> {
    let mut content = Content::new();
    content.begin_text().set_font(FONT, 9.0).next_line(MARGIN, HEIGHT - MARGIN);
    for line in lines {
        content.show(Str(&encoded(line))).next_line(0.0, -LINE);
    }
    content.end_text();
    content.finish().to_vec()
}

/// In the encoding of the font; what that lacks is a question mark.
fn encoded(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

//! What happens on the accounts of a [`Household`], day by day.
//!
//! Months are lived through one after the other from the first. What a month holds depends on the person and on the
//! balances it begins with, never on today's date: so what was seen yesterday is seen again tomorrow, with more after
//! it. Amounts are hundredths in integers, so that every machine gets the same.

use banklink_domain::accounts::{Transaction, TransactionCategory as Category, TransactionId};
use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};

use super::{
    countries::Schedule,
    household::{Household, Slot, decimal, round_to},
    random::Stream,
};

/// A movement on one of the accounts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) slot: Slot,
    pub(super) date: Date,
    amount: i64,
    /// After it.
    balance: i64,
    words: &'static str,
    name: &'static str,
    category: Category,
    /// Place within the account's month.
    number: u64,
}

impl Entry {
    /// As the contract has it.
    pub(super) fn transaction(&self, household: &Household) -> Transaction {
        let month = u64::try_from(i64::from(self.date.year()) * 12 + i64::from(self.date.month())).unwrap_or(0);
        let seed = household.account_seed(self.slot).part("month", month).part("transaction", self.number);
        Transaction {
            id: TransactionId::new(seed.uuid().to_string()),
            date: self.date,
            description: self.words.replace("{}", self.name),
            amount: decimal(self.amount),
            balance: decimal(self.balance),
            category: self.category,
        }
    }
}

/// Calls `visit` with every entry up to `today`, oldest first within each account, and returns the balances then.
pub(super) fn live(household: &Household, today: Date, mut visit: impl FnMut(&Entry)) -> [i64; Slot::COUNT] {
    let mut balances = [0; Slot::COUNT];
    let (year, month) = household.opened;
    let mut first = date(year, month, 1);
    while first <= today {
        let mut plan = Month::new(household, first, balances).plan();
        plan.sort_by_key(|entry| entry.date);
        let mut numbers = [0; Slot::COUNT];
        for entry in plan.iter_mut().take_while(|entry| entry.date <= today) {
            let account = entry.slot as usize;
            balances[account] += entry.amount;
            entry.balance = balances[account];
            entry.number = numbers[account];
            numbers[account] += 1;
            visit(entry);
        }
        match first.checked_add(1.month()) {
            Ok(next) => first = next,
            Err(_) => break,
        }
    }
    balances
}

/// A month that is being planned.
struct Month<'a> {
    household: &'a Household,
    first: Date,
    /// At its beginning.
    start: [i64; Slot::COUNT],
    stream: Stream,
    plan: Vec<Entry>,
}

/// Purchases of one kind within a month: where, how many, and how much each in hundredths, before they are brought to
/// what the person can spend.
struct Habit {
    shops: &'static [&'static str],
    category: Category,
    count: (i64, i64),
    amount: (i64, i64),
}

/// Percent of the pay that is lived from; the rest is saved.
const LIVING_PERCENT: i64 = 88;

/// Growth of pay and rent a year, in percent of the first year's.
const GROWTH_PERCENT: i64 = 2;

/// Interest a year, in hundredths of a percent.
const SAVINGS_RATE: i64 = 150;
const LOAN_RATE: i64 = 490;

/// Months in which a loan is repaid, and percent of it that is repaid in all.
const LOAN_MONTHS: i64 = 60;
const LOAN_PERCENT: i64 = 113;

const FEE: i64 = 495;

impl<'a> Month<'a> {
    fn new(household: &'a Household, first: Date, start: [i64; Slot::COUNT]) -> Self {
        let month = u64::try_from(i64::from(first.year()) * 12 + i64::from(first.month())).unwrap_or(0);
        Self { household, first, start, stream: household.seed.part("life", month).stream(), plan: Vec::new() }
    }

    fn plan(mut self) -> Vec<Entry> {
        let words = &self.household.country.words;
        if self.is_opening() {
            self.open();
        }
        self.pay();
        let fixed = self.fixed_costs() + self.loan() + self.investment();
        self.spend(self.grown(self.household.pay) * LIVING_PERCENT / 100 - fixed);
        self.card_payment();
        let interest = self.start[Slot::Savings as usize] * SAVINGS_RATE / 10_000 / 12;
        self.enter_nonzero(Slot::Savings, self.last(), interest, words.interest, "", Category::Interest);
        self.savings_spent();
        self.sweep();
        self.plan
    }

    fn enter(
        &mut self,
        slot: Slot,
        date: Date,
        amount: i64,
        words: &'static str,
        name: &'static str,
        category: Category,
    ) {
        self.plan.push(Entry { slot, date, amount, balance: 0, words, name, category, number: 0 });
    }

    fn enter_nonzero(
        &mut self,
        slot: Slot,
        date: Date,
        amount: i64,
        words: &'static str,
        name: &'static str,
        category: Category,
    ) {
        if amount != 0 && self.household.has(slot) {
            self.enter(slot, date, amount, words, name, category);
        }
    }

    fn day(&self, day: i8) -> Date {
        self.first.with().day(day).build().unwrap_or(self.first)
    }

    fn last(&self) -> Date {
        self.first.last_of_month()
    }

    fn is_opening(&self) -> bool {
        (self.first.year(), self.first.month()) == self.household.opened
    }

    /// An amount of the first year, grown to this year's.
    fn grown(&self, amount: i64) -> i64 {
        let years = i64::from(self.first.year() - self.household.opened.0);
        amount * (100 + GROWTH_PERCENT * years) / 100
    }

    fn open(&mut self) {
        let household = self.household;
        let opening = household.country.words.opening;
        let pay = household.pay;
        let deposits = [
            (Slot::Chequing, pay + household.buffer),
            (Slot::Savings, round_to(pay * self.stream.between(50, 250) / 100, 10_000)),
            (Slot::Investment, round_to(pay * self.stream.between(200, 600) / 100, 10_000)),
        ];
        for (slot, amount) in deposits {
            self.enter_nonzero(slot, self.first, amount, opening, "", Category::Transfer);
            self.start[slot as usize] += amount;
        }
    }

    fn pay(&mut self) {
        let household = self.household;
        let pay = self.grown(household.pay);
        let words = &household.country.words;
        match household.schedule() {
            Schedule::EveryTwoWeeks => {
                for payday in self.every_second_friday() {
                    let amount = pay * 12 / 26;
                    self.enter(Slot::Chequing, payday, amount, words.salary, household.employer, Category::Income);
                }
            }
            Schedule::LastWorkday => {
                let payday = last_workday(self.last());
                self.enter(Slot::Chequing, payday, pay, words.salary, household.employer, Category::Income);
            }
        }
        if household.country.pay.extra_months.contains(&self.first.month()) {
            let payday = last_workday(self.day(15));
            self.enter(Slot::Chequing, payday, pay, words.extra_pay, household.employer, Category::Income);
        }
    }

    fn every_second_friday(&self) -> Vec<Date> {
        // A Friday before any account was opened.
        let anchor = date(2016, 1, 1);
        let on_payday = |day: &Date| {
            let days = (*day - anchor).get_days();
            i64::from(days) % 14 == self.household.pay_week * 7
        };
        (1..=self.first.days_in_month()).map(|day| self.day(day)).filter(on_payday).collect()
    }

    /// Rent, bills, subscriptions and the account's fee; returns their sum.
    fn fixed_costs(&mut self) -> i64 {
        let household = self.household;
        let words = &household.country.words;
        let rent = round_to(self.grown(household.pay) * household.rent_percent / 100, 500);
        self.enter(Slot::Chequing, self.first, -rent, words.rent, household.landlord, Category::Housing);
        let mut sum = rent;
        for (day, bill) in [5, 11, 18, 22].into_iter().zip(household.bills) {
            let amount = self.stream.between(bill.least, bill.most);
            self.enter(Slot::Chequing, self.day(day), -amount, "{}", bill.payee, Category::Utilities);
            sum += amount;
        }
        let payer = if household.has(Slot::Card) { Slot::Card } else { Slot::Chequing };
        for (day, bill) in [8, 14, 24].into_iter().zip(&household.subscriptions) {
            self.enter(payer, self.day(day), -bill.most, "{}", bill.payee, Category::Leisure);
            sum += bill.most;
        }
        if household.has_fee {
            self.enter(Slot::Chequing, self.last(), -FEE, words.fee, "", Category::Fees);
            sum += FEE;
        }
        sum
    }

    /// Interest and payment of the loan, or a new loan when the last is repaid; returns what is paid.
    fn loan(&mut self) -> i64 {
        let household = self.household;
        if !household.has(Slot::Loan) {
            return 0;
        }
        let words = &household.country.words;
        let owed = -self.start[Slot::Loan as usize];
        if owed <= 0 {
            self.enter(Slot::Loan, self.first, -household.loan, words.loan_drawn, "", Category::Transfer);
            return 0;
        }
        let interest = owed * LOAN_RATE / 10_000 / 12;
        let payment = (household.loan * LOAN_PERCENT / 100 / LOAN_MONTHS).min(owed + interest);
        let day = self.day(15);
        self.enter_nonzero(Slot::Loan, day, -interest, words.loan_interest, "", Category::Interest);
        self.enter(Slot::Loan, day, payment, words.loan_payment, "", Category::Transfer);
        self.enter(Slot::Chequing, day, -payment, words.loan_payment, "", Category::Transfer);
        payment
    }

    /// What goes into the investments, and how they do; returns what goes in.
    fn investment(&mut self) -> i64 {
        let household = self.household;
        if !household.has(Slot::Investment) {
            return 0;
        }
        let words = &household.country.words;
        let start = self.start[Slot::Investment as usize];
        let invested = Category::Investment;
        self.enter(Slot::Chequing, self.day(6), -household.contribution, words.contribution, "", invested);
        self.enter(Slot::Investment, self.day(7), household.contribution, words.contribution, "", invested);
        let change = start * self.stream.between(-180, 260) / 10_000;
        self.enter_nonzero(Slot::Investment, self.last(), change, words.valuation, "", invested);
        if self.first.month() % 3 == 0 {
            self.enter_nonzero(Slot::Investment, self.day(20), start * 40 / 10_000, words.dividend, "", invested);
        }
        if self.first.month() == 1 && start > household.pay * 40 {
            self.enter(Slot::Investment, self.day(12), -round_to(start / 2, 10_000), words.withdrawal, "", invested);
        }
        household.contribution
    }

    /// Everyday purchases and cash, brought to about `budget`.
    fn spend(&mut self, budget: i64) {
        let household = self.household;
        let mut purchases = self.purchases();
        let total: i64 = purchases.iter().map(|purchase| purchase.amount).sum();
        let target = budget.max(household.pay / 8) * self.stream.between(85, 104) / 100;
        // Nobody's groceries cost ten times as much as the neighbours': what is left beyond is saved.
        let percent = (target * 100 / total.max(1)).clamp(35, 150);
        for purchase in &mut purchases {
            purchase.amount = (purchase.amount * percent / 100).max(100);
        }
        for Entry { date, amount, name, category, .. } in purchases {
            let by_card = household.has(Slot::Card) && self.stream.chance(household.card_percent);
            let words = &household.country.words;
            let (slot, words) = if by_card { (Slot::Card, "{}") } else { (Slot::Chequing, words.purchase) };
            self.enter(slot, date, -amount, words, name, category);
        }
        for _ in 0..self.stream.between(0, 2) {
            let (day, amount) = (self.any_day(), self.stream.pick(&[2_000, 4_000, 6_000, 10_000]));
            let words = household.country.words.cash;
            self.enter(Slot::Chequing, day, -amount, words, household.city, Category::Cash);
        }
    }

    fn purchases(&mut self) -> Vec<Entry> {
        let payees = &self.household.country.payees;
        let habit = |shops, category, count, amount| Habit { shops, category, count, amount };
        let habits = [
            habit(payees.groceries, Category::Groceries, (5, 8), (2_200, 11_500)),
            habit(payees.restaurants, Category::Restaurants, (2, 7), (650, 5_800)),
            habit(payees.transport, Category::Transport, (2, 5), (800, 5_500)),
            habit(payees.shopping, Category::Shopping, (1, 3), (1_500, 16_000)),
            habit(payees.leisure, Category::Leisure, (0, 2), (1_200, 9_500)),
            habit(payees.health, Category::Health, (0, 1), (1_000, 7_500)),
        ];
        let mut purchases = Vec::new();
        for Habit { shops, category, count, amount } in habits {
            for _ in 0..self.stream.between(count.0, count.1) {
                let (date, name) = (self.any_day(), self.stream.pick(shops));
                let amount = self.stream.between(amount.0, amount.1);
                purchases.push(Entry {
                    slot: Slot::Chequing,
                    date,
                    amount,
                    balance: 0,
                    words: "",
                    name,
                    category,
                    number: 0,
                });
            }
        }
        purchases
    }

    fn any_day(&mut self) -> Date {
        let day = self.stream.between(1, i64::from(self.first.days_in_month()));
        self.day(i8::try_from(day).unwrap_or(1))
    }

    /// Last month's card purchases are paid.
    fn card_payment(&mut self) {
        let words = &self.household.country.words;
        let owed = (-self.start[Slot::Card as usize]).max(0);
        let day = self.day(12);
        let transfer = Category::Transfer;
        self.enter_nonzero(Slot::Card, day, owed, words.card_payment_received, "", transfer);
        if self.household.has(Slot::Card) {
            self.enter_nonzero(Slot::Chequing, day, -owed, words.card_payment, "", transfer);
        }
    }

    /// Savings of nine months' pay are for something.
    fn savings_spent(&mut self) {
        let household = self.household;
        let saved = self.start[Slot::Savings as usize];
        if matches!(self.first.month(), 5 | 10) && saved > self.grown(household.pay) * 9 {
            let builder = self.stream.pick(household.country.payees.builders);
            let words = household.country.words.large_purchase;
            self.enter(
                Slot::Savings,
                self.day(10),
                -round_to(saved * 7 / 10, 10_000),
                words,
                builder,
                Category::Housing,
            );
        }
    }

    /// What the month leaves over goes to savings, what it lacks comes from there.
    fn sweep(&mut self) {
        let household = self.household;
        let words = &household.country.words;
        let sweep_day = match household.schedule() {
            Schedule::EveryTwoWeeks => self.day(27),
            Schedule::LastWorkday => self.day(3),
        };
        let on_chequing = self.plan.iter().filter(|entry| entry.slot == Slot::Chequing);
        let counted = on_chequing.filter(|entry| entry.amount < 0 || entry.date <= sweep_day);
        let opening = if self.is_opening() { self.start[Slot::Chequing as usize] } else { 0 };
        let change: i64 = counted.map(|entry| entry.amount).sum::<i64>() - opening;
        let left = self.start[Slot::Chequing as usize] + change - self.grown(household.buffer);
        let saved = self.start[Slot::Savings as usize].max(0);
        let transfer = Category::Transfer;
        if left >= 5_000 {
            let amount = round_to(left, 1_000);
            self.enter(Slot::Chequing, sweep_day, -amount, words.to_savings, "", transfer);
            self.enter(Slot::Savings, sweep_day, amount, words.to_savings, "", transfer);
        } else if left <= -5_000 && saved >= 1_000 {
            let amount = round_to((-left).min(saved), 1_000);
            self.enter(Slot::Chequing, self.day(2), amount, words.from_savings, "", transfer);
            self.enter(Slot::Savings, self.day(2), -amount, words.from_savings, "", transfer);
        }
    }
}

/// The day itself, or the Friday before a weekend.
fn last_workday(day: Date) -> Date {
    let back = match day.weekday() {
        Weekday::Saturday => 1,
        Weekday::Sunday => 2,
        _ => 0,
    };
    day.checked_sub(back.days()).unwrap_or(day)
}

//! Secrets that are shown this once: each stays on its page until the person says that they have it, whatever else they
//! make meanwhile.

use std::rc::Rc;

use banklink_platform::texts::Text;
use banklink_protocol::secret::Secret;
use yew::{
    AttrValue, Callback, Html, Properties, Reducible, UseReducerHandle, component, hook, html, use_effect_with,
    use_reducer,
};

use super::copyable::Copyable;
use crate::{browser, site::use_site};

/// What a secret is shown with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Words {
    /// What it is.
    pub(crate) title: Text,
    /// What to do with it.
    pub(crate) text: Text,
    /// What the secret itself is called.
    pub(crate) label: Text,
    /// The id of the element that shows it.
    pub(crate) id: &'static str,
    /// The button of who has it.
    pub(crate) saved: Text,
}

/// Those that nobody has yet, newest first, each with a number that stays its own.
#[derive(Default, PartialEq)]
struct Kept {
    last: u32,
    all: Vec<(u32, Words, Secret)>,
}

enum Change {
    Shows(Words, Secret),
    IsTaken(u32),
}

impl Reducible for Kept {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let (mut last, mut all) = (self.last, self.all.clone());
        match change {
            Change::Shows(words, secret) => {
                last += 1;
                all.insert(0, (last, words, secret));
            }
            Change::IsTaken(number) => all.retain(|(known, ..)| *known != number),
        }
        Rc::new(Self { last, all })
    }
}

/// The secrets that a page shows.
#[derive(Clone, PartialEq)]
pub(crate) struct Once(UseReducerHandle<Kept>);

/// The secrets that this page shows.
#[hook]
pub(crate) fn use_once() -> Once {
    Once(use_reducer(Kept::default))
}

impl Once {
    /// Shows another one.
    pub(crate) fn add(&self, words: Words, secret: Secret) {
        self.0.dispatch(Change::Shows(words, secret));
    }

    /// All that nobody has yet.
    pub(crate) fn show(&self) -> Html {
        let one = |(number, words, secret): &(u32, Words, Secret)| {
            let close = Callback::from({
                let (kept, number) = (self.0.dispatcher(), *number);
                move |()| kept.dispatch(Change::IsTaken(number))
            });
            // The first has the id by which pages are known.
            let is_other = self.0.all.iter().any(|(other, known, _)| other < number && known.id == words.id);
            let id = if is_other { format!("{}-{number}", words.id) } else { words.id.to_owned() };
            html! { <ShownOnce key={*number} {id} words={*words} value={secret.expose().to_owned()} {close} /> }
        };
        html! { <>{for self.0.all.iter().map(one)}</> }
    }
}

#[derive(PartialEq, Properties)]
struct ShownOnceProps {
    id: AttrValue,
    words: Words,
    value: AttrValue,
    /// They have it.
    close: Callback<()>,
}

/// A secret that is shown this once.
#[component]
fn ShownOnce(ShownOnceProps { id, words, value, close }: &ShownOnceProps) -> Html {
    let site = use_site();
    let Words { title, text, label, saved, .. } = words;
    let title_id = format!("{id}-title");
    use_effect_with(value.clone(), {
        let selector = format!("#{title_id}");
        move |_| browser::focus(&selector)
    });
    let done = close.reform(|_| browser::focus("h1"));
    html! {
        <section class="db-once" aria-labelledby={title_id.clone()}>
            <h2 class="db-subtitle" id={title_id} tabindex="-1">{site.text(*title)}</h2>
            <p class="db-warning">{site.text(*text)}</p>
            <Copyable {id} label={site.text(*label)} value={value.clone()} />
            <button type="button" class="bl-button db-short" onclick={done}>{site.text(*saved)}</button>
        </section>
    }
}

//! A field of a form. Its value lives in the browser alone: nothing here keeps what is typed.

use web_sys::HtmlInputElement;
use yew::{
    AttrValue, Callback, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, TargetCast, classes, component, html,
    use_state_eq,
};

use crate::ui::{icon, message};

/// What a field takes, as attributes of its `<input>`.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Input {
    /// `type`
    pub(crate) kind: &'static str,
    /// `inputmode`
    pub(crate) mode: Option<&'static str>,
    /// `autocomplete`
    pub(crate) autocomplete: &'static str,
    /// `pattern`
    pub(crate) pattern: Option<AttrValue>,
    /// `maxlength`
    pub(crate) max_length: Option<AttrValue>,
    /// Spread out, for codes.
    pub(crate) is_code: bool,
}

/// What to say about a field, in the person's language.
#[derive(Clone, PartialEq)]
pub(crate) struct Words {
    /// Above it.
    pub(crate) label: AttrValue,
    /// Below the label.
    pub(crate) hint: Option<AttrValue>,
    /// What is wrong with it.
    pub(crate) fault: Option<AttrValue>,
    /// While Caps Lock is on, in a password.
    pub(crate) caps_lock: AttrValue,
    /// While a space stands at either end.
    pub(crate) stray_space: AttrValue,
    /// Names the button that reveals what is typed; `{label}` is in it already.
    pub(crate) reveal: AttrValue,
}

/// A field.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// The `id` of the `<input>`.
    pub(crate) id: AttrValue,
    /// The `id` of its label.
    pub(crate) label_id: AttrValue,
    /// The `id` of the button that reveals what is typed.
    pub(crate) reveal_id: AttrValue,
    /// What it takes.
    pub(crate) input: Input,
    /// What is said about it.
    pub(crate) words: Words,
    /// Whether something is wrong with it, here or in another field.
    pub(crate) invalid: bool,
    /// Whether it can't be changed just now.
    pub(crate) readonly: bool,
    /// Whether it may stay empty.
    pub(crate) optional: bool,
}

/// What is worth a warning while it is typed.
#[derive(Clone, Copy, Default, PartialEq)]
struct Noticed {
    caps_lock: bool,
    stray_space: bool,
}

/// A text, password or code field with its label, warnings and fault.
#[component]
pub(crate) fn Field(props: &Props) -> Html {
    let revealed = use_state_eq(|| false);
    let noticed = use_state_eq(Noticed::default);
    let is_password = props.input.kind == "password";
    let on_input = {
        let noticed = noticed.clone();
        Callback::from(move |event: InputEvent| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let value = input.value();
            noticed.set(Noticed { stray_space: value.trim().len() != value.len(), ..*noticed });
        })
    };
    let on_key = {
        let noticed = noticed.clone();
        Callback::from(move |event: KeyboardEvent| {
            noticed.set(Noticed { caps_lock: is_password && event.get_modifier_state("CapsLock"), ..*noticed });
        })
    };
    let kind = if is_password && *revealed && !props.readonly { "text" } else { props.input.kind };
    let has = |present: bool, suffix: &str| present.then(|| format!("{}-{suffix}", props.id));
    let described = [
        has(props.words.hint.is_some(), "hint"),
        has(props.words.fault.is_some(), "fault"),
        has(noticed.caps_lock || noticed.stray_space, "warning"),
    ];
    let described: Vec<String> = described.into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    html! {
        <div class="bl-field">
            <label id={&props.label_id} class="bl-label" for={&props.id}>{ &props.words.label }</label>
            if let Some(hint) = &props.words.hint {
                <p id={format!("{}-hint", props.id)} class="bl-hint">{ hint }</p>
            }
            <div class={classes!("bl-control", is_password.then_some("bl-control-reveal"))}>
                <input id={&props.id} name={&props.id} type={kind} class={classes!("bl-input", props.input.is_code.then_some("bl-input-code"))}
                    inputmode={props.input.mode} autocomplete={props.input.autocomplete} pattern={props.input.pattern.clone()}
                    maxlength={props.input.max_length.clone()} autocapitalize="none" autocorrect="off" spellcheck="false"
                    aria-invalid={props.invalid.then_some("true")} aria-describedby={described}
                    aria-required={(!props.optional).then_some("true")} readonly={props.readonly}
                    oninput={on_input} onkeyup={on_key} />
                if is_password {
                    { reveal(props, *revealed, Callback::from(move |_| revealed.set(!*revealed))) }
                }
            </div>
            { message::fault(format!("{}-fault", props.id).into(), props.words.fault.clone()) }
            { warning(props, *noticed) }
        </div>
    }
}

fn reveal(props: &Props, revealed: bool, toggle: Callback<MouseEvent>) -> Html {
    html! {
        <button id={&props.reveal_id} type="button" class="bl-icon-button bl-reveal" aria-label={&props.words.reveal}
            aria-pressed={if revealed { "true" } else { "false" }} aria-controls={&props.id} onclick={toggle}>
            if revealed { { icon::eye_off() } } else { { icon::eye() } }
        </button>
    }
}

fn warning(props: &Props, noticed: Noticed) -> Html {
    let text = if noticed.caps_lock {
        Some(&props.words.caps_lock)
    } else if noticed.stray_space {
        Some(&props.words.stray_space)
    } else {
        None
    };
    html! {
        <div role="status">
            if let Some(text) = text {
                <p id={format!("{}-warning", props.id)} class="bl-warning">{ text }</p>
            }
        </div>
    }
}

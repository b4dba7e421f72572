//! Elements, put together by calls.
//!
//! `html!` writes out every element's attributes and children at the place where it stands, 400 bytes of WebAssembly
//! for each; these calls take 60. The whole first load has 80,000.

use std::rc::Rc;

use yew::{
    AttrValue, Html,
    virtual_dom::{AttributeOrProperty, Attributes, Key, Listener, ListenerKind, VNode, VTag, VText},
};

macro_rules! names {
    ($($variant:ident = $name:literal,)*) => {
        /// The attributes that the widget uses.
        #[derive(Clone, Copy)]
        #[expect(clippy::enum_variant_names, reason = "an attribute of HTML is called name")]
        pub(crate) enum Name {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        const NAMES: &[&str] = &[$($name,)*];
    };
}

names! {
    Alt = "alt",
    AriaControls = "aria-controls",
    AriaDescribedby = "aria-describedby",
    AriaDisabled = "aria-disabled",
    AriaHidden = "aria-hidden",
    AriaInvalid = "aria-invalid",
    AriaLabel = "aria-label",
    AriaLabelledby = "aria-labelledby",
    AriaPressed = "aria-pressed",
    AriaRequired = "aria-required",
    AriaBusy = "aria-busy",
    Autocapitalize = "autocapitalize",
    Autocomplete = "autocomplete",
    Autocorrect = "autocorrect",
    Class = "class",
    D = "d",
    DataPart = "data-part",
    Enterkeyhint = "enterkeyhint",
    Focusable = "focusable",
    For = "for",
    Href = "href",
    Id = "id",
    Inputmode = "inputmode",
    Loading = "loading",
    Maxlength = "maxlength",
    Name = "name",
    Novalidate = "novalidate",
    Pattern = "pattern",
    Placeholder = "placeholder",
    Readonly = "readonly",
    Rel = "rel",
    Role = "role",
    Selected = "selected",
    Spellcheck = "spellcheck",
    Src = "src",
    Tabindex = "tabindex",
    Target = "target",
    Type = "type",
    Value = "value",
    ViewBox = "viewBox",
}

/// An element.
pub(crate) struct Tag(Box<Parts>);

/// Its attributes stand in the order of [`NAMES`], absent ones as `None`: one list of names for all elements is what
/// yew compares fastest and with the least code.
struct Parts {
    tag: VTag,
    attributes: Vec<Option<AttributeOrProperty>>,
}

/// An element with this name and nothing in it.
#[inline(never)]
pub(crate) fn tag(name: &'static str) -> Tag {
    let mut attributes = Vec::new();
    attributes.resize_with(NAMES.len(), || None);
    Tag(Box::new(Parts { tag: VTag::new(name), attributes }))
}

/// What is done about an event.
pub(crate) type Handler = Rc<dyn Fn(web_sys::Event)>;

/// The events that the widget listens to.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A press.
    Click,
    /// A change of what is typed.
    Input,
    /// A key goes down.
    KeyDown,
    /// A key comes up.
    KeyUp,
    /// A form is sent.
    Submit,
    /// A dialog is dismissed by Escape.
    Cancel,
}

struct On {
    kind: Kind,
    handle: Handler,
}

impl Listener for On {
    fn kind(&self) -> ListenerKind {
        match self.kind {
            Kind::Click => ListenerKind::onclick,
            Kind::Input => ListenerKind::oninput,
            Kind::KeyDown => ListenerKind::onkeydown,
            Kind::KeyUp => ListenerKind::onkeyup,
            Kind::Submit => ListenerKind::onsubmit,
            Kind::Cancel => ListenerKind::oncancel,
        }
    }

    fn handle(&self, event: web_sys::Event) {
        (self.handle)(event);
    }

    fn passive(&self) -> bool {
        false
    }
}

impl Tag {
    /// An attribute that is always the same.
    #[inline(never)]
    pub(crate) fn with(self, name: Name, value: &'static str) -> Self {
        self.set(name, AttrValue::Static(value))
    }

    /// An attribute.
    #[inline(never)]
    pub(crate) fn set(mut self, name: Name, value: AttrValue) -> Self {
        self.0.attributes[name as usize] = Some(AttributeOrProperty::Attribute(value));
        self
    }

    /// An attribute that may be absent.
    #[inline(never)]
    pub(crate) fn set_some(self, name: Name, value: Option<AttrValue>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// An attribute that is there, as `true`, under a condition.
    #[inline(never)]
    pub(crate) fn when(self, condition: bool, name: Name) -> Self {
        if condition { self.with(name, "true") } else { self }
    }

    /// The class.
    #[inline(never)]
    pub(crate) fn class(self, class: &'static str) -> Self {
        self.with(Name::Class, class)
    }

    /// The id.
    #[inline(never)]
    pub(crate) fn id(self, id: &'static str) -> Self {
        self.with(Name::Id, id)
    }

    /// The name of an element that occurs several times.
    #[inline(never)]
    pub(crate) fn part(self, part: &'static str) -> Self {
        self.with(Name::DataPart, part)
    }

    /// Tells it from its siblings, and from what stood in its place before.
    #[inline(never)]
    pub(crate) fn key(mut self, key: Key) -> Self {
        self.0.tag.key = Some(key);
        self
    }

    /// A text in it.
    #[inline(never)]
    pub(crate) fn text(self, text: AttrValue) -> Self {
        self.html(VNode::from(VText::new(text)))
    }

    /// A text in it that can be another in the same place. The element is another then too: a browser that translates the
    /// page has put elements of its own where the text was, and would go on showing the words from before.
    #[inline(never)]
    pub(crate) fn changing(self, text: AttrValue) -> Self {
        self.key(Key::from(text.as_str())).text(text)
    }

    /// An element in it.
    #[inline(never)]
    pub(crate) fn child(self, child: Self) -> Self {
        self.html(child.into())
    }

    /// An element in it, perhaps. Its place is kept where there is none: yew tells siblings apart by their place, and
    /// would make a field that moved anew, without what was typed.
    #[inline(never)]
    pub(crate) fn child_some(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self.html(Html::default()),
        }
    }

    #[inline(never)]
    fn html(mut self, child: Html) -> Self {
        self.0.tag.add_child(child);
        self
    }

    /// What to do about an event.
    #[inline(never)]
    pub(crate) fn on(mut self, kind: Kind, handle: Handler) -> Self {
        self.0.tag.add_listener(Rc::new(On { kind, handle }));
        self
    }
}

impl From<Tag> for Html {
    #[inline(never)]
    fn from(tag: Tag) -> Self {
        let Parts { mut tag, attributes } = *tag.0;
        tag.set_attributes(Attributes::Dynamic { keys: NAMES, values: attributes.into_boxed_slice() });
        Self::from(tag)
    }
}

//! The texts that the widget shows: their keys here, one file per language in `locales/`.
//!
//! The page carries the texts of one language, a line each, in the order of [`Text`]; a line is found by its number.
//! A text may hold `{names}` that are filled in when it is shown. One that depends on a number has a form for each of
//! the language's plural categories (CLDR): `one=1 result`, `other={count} results`, with tabs between.

macro_rules! texts {
    ($($variant:ident = $key:literal,)*) => {
        /// A text of the widget.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(clippy::enum_variant_names, reason = "below its title, a screen has its text")]
        pub enum Text {
            $(#[doc = concat!("`", $key, "`")] $variant,)*
        }

        /// The keys of `locales/*.toml`, section `[widget]`, in the order of [`Text`].
        pub const TEXT_KEYS: &[&str] = &[$($key,)*];
    };
}

texts! {
    // The frame around the screens.
    Back = "back",
    Close = "close",
    Continue = "continue",
    Working = "working",
    Loading = "loading",
    Header = "header",
    NewWindow = "new_window",
    Offline = "offline",
    Reconnecting = "reconnecting",
    Slow = "slow",
    Overloaded = "overloaded",
    Problem = "problem",

    // Consent.
    ConsentTitle = "consent_title",
    ConsentScopes = "consent_scopes",
    ConsentAccept = "consent_accept",
    ConsentDecline = "consent_decline",

    // The list of institutions.
    InstitutionsTitle = "institutions_title",
    InstitutionsSearch = "institutions_search",
    InstitutionsPlaceholder = "institutions_placeholder",
    InstitutionsCountry = "institutions_country",
    InstitutionsAllCountries = "institutions_all_countries",
    InstitutionsPopular = "institutions_popular",
    InstitutionsResults = "institutions_results",
    InstitutionsFound = "institutions_found",
    InstitutionsFirst = "institutions_first",
    InstitutionsNone = "institutions_none",
    InstitutionsNoneHint = "institutions_none_hint",
    InstitutionsNotFound = "institutions_not_found",
    InstitutionsMissing = "institutions_missing",
    InstitutionsSearching = "institutions_searching",
    InstitutionsFailed = "institutions_failed",
    HealthDegraded = "health_degraded",
    HealthDown = "health_down",
    HealthSoon = "health_soon",

    // Credentials.
    CredentialsTitle = "credentials_title",
    CredentialsText = "credentials_text",
    CredentialsForgotten = "credentials_forgotten",
    FieldOptional = "field_optional",
    FieldShowLabel = "field_show_label",
    FieldCapsLock = "field_caps_lock",
    FieldStraySpace = "field_stray_space",
    FieldChoose = "field_choose",
    FieldRequired = "field_required",
    FieldMalformed = "field_malformed",
    CredentialsRejected = "credentials_rejected",

    // Leaving.
    LeaveTitle = "leave_title",
    LeaveText = "leave_text",
    LeaveConfirm = "leave_confirm",
    LeaveStay = "leave_stay",

    // Strong customer authentication.
    CodeTitle = "code_title",
    CodeLabel = "code_label",
    CodeSms = "code_sms",
    CodeEmail = "code_email",
    CodeCall = "code_call",
    CodeApp = "code_app",
    CodeAuthenticator = "code_authenticator",
    CodeCardReader = "code_card_reader",
    CodeDevice = "code_device",
    CodeUnspecified = "code_unspecified",
    CodeSentTo = "code_sent_to",
    CodeRequired = "code_required",
    CodeLength = "code_length",
    CodeDigits = "code_digits",
    CodeRejected = "code_rejected",
    Attempts = "attempts",
    QuestionsTitle = "questions_title",
    QuestionsTitleMany = "questions_title_many",
    QuestionsText = "questions_text",
    QuestionsRequired = "questions_required",
    QuestionsRejected = "questions_rejected",
    QuestionsRejectedMany = "questions_rejected_many",

    // Challenges of every other kind.
    ExpiresIn = "expires_in",
    Expired = "expired",
    Resend = "resend",
    ResendIn = "resend_in",
    Resent = "resent",
    SwitchMethod = "switch_method",
    Waiting = "waiting",
    WaitingHelp = "waiting_help",
    OpenApp = "open_app",
    MethodTitle = "method_title",
    MethodText = "method_text",
    MethodSms = "method_sms",
    MethodEmail = "method_email",
    MethodCall = "method_call",
    MethodAppCode = "method_app_code",
    MethodApproval = "method_approval",
    MethodAuthenticator = "method_authenticator",
    MethodCardReader = "method_card_reader",
    MethodDevice = "method_device",
    MethodCard = "method_card",
    MethodQr = "method_qr",
    MethodQuestions = "method_questions",
    CoordinatesTitle = "coordinates_title",
    CoordinatesText = "coordinates_text",
    CoordinatesCard = "coordinates_card",
    CoordinatesLabel = "coordinates_label",
    CoordinatesRequired = "coordinates_required",
    CoordinatesRejected = "coordinates_rejected",
    PictureRead = "picture_read",
    PictureAlt = "picture_alt",
    PictureOne = "picture_one",
    PictureSeveral = "picture_several",
    PictureRequired = "picture_required",
    PictureRejected = "picture_rejected",
    QrTitle = "qr_title",
    QrText = "qr_text",
    QrAlt = "qr_alt",
    ApprovalTitle = "approval_title",
    ApprovalText = "approval_text",
    ApprovalDevice = "approval_device",
    ApprovalCompare = "approval_compare",
    BankTitle = "bank_title",
    BankText = "bank_text",
    BankTextPage = "bank_text_page",
    BankOpen = "bank_open",
    BankAgain = "bank_again",
    BankBlocked = "bank_blocked",
    ReauthoriseTitle = "reauthorise_title",
    ReauthoriseText = "reauthorise_text",
    ReauthoriseTransactions = "reauthorise_transactions",

    // Accounts.
    AccountsTitle = "accounts_title",
    AccountsTitleMany = "accounts_title_many",
    AccountsText = "accounts_text",
    AccountsDigits = "accounts_digits",
    AccountsShare = "accounts_share",
    AccountsRequired = "accounts_required",

    // Success.
    SuccessTitle = "success_title",
    SuccessText = "success_text",
    SuccessTextMessage = "success_text_message",
    SuccessContinue = "success_continue",

    // Failures, and what to do about them.
    Retry = "retry",
    ChooseAnother = "choose_another",
    Leave = "leave",
    BackToApp = "back_to_app",
    CredentialsFailedTitle = "credentials_failed_title",
    CredentialsFailedText = "credentials_failed_text",
    ScaFailedTitle = "sca_failed_title",
    ScaFailedText = "sca_failed_text",
    AttemptsFailedTitle = "attempts_failed_title",
    AttemptsFailedText = "attempts_failed_text",
    LockedTitle = "locked_title",
    LockedText = "locked_text",
    UnavailableTitle = "unavailable_title",
    UnavailableText = "unavailable_text",
    ScaUnsupportedTitle = "sca_unsupported_title",
    ScaUnsupportedText = "sca_unsupported_text",
    DuplicateTitle = "duplicate_title",
    DuplicateText = "duplicate_text",
    DeniedTitle = "denied_title",
    DeniedText = "denied_text",
    NotApprovedTitle = "not_approved_title",
    NotApprovedText = "not_approved_text",
    InteractionTitle = "interaction_title",
    InteractionText = "interaction_text",
    DataTitle = "data_title",
    DataText = "data_text",
    InternalTitle = "internal_title",
    InternalText = "internal_text",
    SetupTitle = "setup_title",
    SetupText = "setup_text",

    // Token invalid, session expired, left.
    TokenInvalidTitle = "token_invalid_title",
    TokenInvalidText = "token_invalid_text",
    SessionEndsSoon = "session_ends_soon",
    SessionKeepGoing = "session_keep_going",
    SessionExpiredTitle = "session_expired_title",
    SessionExpiredText = "session_expired_text",
    SessionExpiredTextApp = "session_expired_text_app",
    StartAgain = "start_again",
    LeftTitle = "left_title",
    LeftText = "left_text",
}

/// How many of [`Text`], from the first, a page carries whose first screen is consent, institutions or credentials: those
/// of these screens and of the frame around them. The rest comes when the person is at work.
pub const FIRST_TEXTS: usize = Text::LeaveStay as usize + 1;

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of a locale's `[widget]` section.
    fn keys(file: &str) -> Vec<&str> {
        let section =
            file.split("\n[").map(|part| part.trim_start_matches('[')).find(|part| part.starts_with("widget]"));
        let lines = section.unwrap_or_default().lines();
        lines.filter_map(|line| line.split_once(" = ").map(|(key, _)| key)).collect()
    }

    #[test]
    fn english_has_exactly_the_texts_that_the_widget_shows() {
        assert_eq!(keys(include_str!("../../../locales/en.toml")), TEXT_KEYS);
    }

    #[test]
    fn a_text_is_found_by_the_number_of_its_key() {
        assert_eq!(TEXT_KEYS[Text::Back as usize], "back");
        assert_eq!(TEXT_KEYS[Text::LeaveStay as usize], "leave_stay");
        assert_eq!(TEXT_KEYS[FIRST_TEXTS], "code_title");
    }
}

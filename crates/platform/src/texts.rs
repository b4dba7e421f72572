//! The texts that the dashboard shows: their keys here, their words in section `[dashboard]` of `locales/`.
//!
//! The page carries the texts of one language, a line each, in the order of [`Text`]. A text may hold `{names}` that are
//! filled in when it is shown.

macro_rules! texts {
    ($($variant:ident = $key:literal,)*) => {
        /// A text of the dashboard.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(clippy::enum_variant_names, reason = "below its title, a page has its text")]
        pub enum Text {
            $(#[doc = concat!("`", $key, "`")] $variant,)*
        }

        /// The keys of `locales/*.toml`, section `[dashboard]`, in the order of [`Text`].
        pub const TEXT_KEYS: &[&str] = &[$($key,)*];
    };
}

texts! {
    // The frame around the pages.
    Skip = "skip",
    Navigation = "navigation",
    Language = "language",
    Loading = "loading",
    Retry = "retry",
    Cancel = "cancel",
    Copy = "copy",
    Copied = "copied",
    PasswordShow = "password_show",
    Working = "working",
    SignOut = "sign_out",
    SignOutEverywhere = "sign_out_everywhere",
    NotFoundTitle = "not_found_title",
    NotFoundText = "not_found_text",
    ToApps = "to_apps",

    // What went wrong.
    ProblemNetwork = "problem_network",
    ProblemOther = "problem_other",
    ProblemTooMany = "problem_too_many",
    ProblemGone = "problem_gone",

    // Signing in.
    SignInTitle = "sign_in_title",
    SignInText = "sign_in_text",
    Email = "email",
    Password = "password",
    SignInWrong = "sign_in_wrong",
    SignInForgotten = "sign_in_forgotten",
    EmailWrong = "email_wrong",
    PasswordMissing = "password_missing",

    // Becoming an operator.
    WelcomeFirstTitle = "welcome_first_title",
    WelcomeFirstText = "welcome_first_text",
    WelcomeNewTitle = "welcome_new_title",
    WelcomeNewText = "welcome_new_text",
    WelcomeRecoveringTitle = "welcome_recovering_title",
    WelcomeRecoveringText = "welcome_recovering_text",
    Organisation = "organisation",
    OrganisationHint = "organisation_hint",
    YourName = "your_name",
    NewPassword = "new_password",
    PasswordHint = "password_hint",
    PasswordShort = "password_short",
    PasswordWeak = "password_weak",
    NameWrong = "name_wrong",
    WelcomeFirstButton = "welcome_first_button",
    WelcomeButton = "welcome_button",
    WelcomeTaken = "welcome_taken",
    InvitationOverTitle = "invitation_over_title",
    InvitationOverText = "invitation_over_text",

    // The list of apps.
    AppsTitle = "apps_title",
    AppsText = "apps_text",
    AppsSearch = "apps_search",
    AppsNone = "apps_none",
    AppsNoneText = "apps_none_text",
    AppsNoMatch = "apps_no_match",
    AppsNew = "apps_new",
    AppName = "app_name",
    AppMode = "app_mode",
    AppCreated = "app_created",
    ClientId = "client_id",
    ModeSandbox = "mode_sandbox",
    ModeSandboxHint = "mode_sandbox_hint",
    ModeLive = "mode_live",
    ModeLiveHint = "mode_live_hint",

    // A new app.
    NewAppTitle = "new_app_title",
    NewAppNameHint = "new_app_name_hint",
    NewAppModeHint = "new_app_mode_hint",
    NewAppButton = "new_app_button",
    RedirectUri = "redirect_uri",
    RedirectUriHint = "redirect_uri_hint",
    RedirectUriWrong = "redirect_uri_wrong",
    Origin = "origin",
    OriginHint = "origin_hint",
    OriginWrong = "origin_wrong",
    Optional = "optional",
    CreatedTitle = "created_title",
    CreatedText = "created_text",
    ClientSecret = "client_secret",
    DataKey = "data_key",
    DataKeyHint = "data_key_hint",
    CreatedSaved = "created_saved",

    // An app.
    AppSections = "app_sections",
    OverviewTitle = "overview_title",
    Remove = "remove",
    Add = "add",
    RedirectUrisTitle = "redirect_uris_title",
    RedirectUrisText = "redirect_uris_text",
    RedirectUriRemove = "redirect_uri_remove",
    RedirectUriRemoveText = "redirect_uri_remove_text",
    RedirectUriInUse = "redirect_uri_in_use",
    EntriesFull = "entries_full",
    OriginsTitle = "origins_title",
    OriginsText = "origins_text",
    OriginsNone = "origins_none",
    OriginRemove = "origin_remove",
    OriginRemoveText = "origin_remove_text",
    SecretsTitle = "secrets_title",
    SecretsText = "secrets_text",
    SecretWorks = "secret_works",
    SecretRevoked = "secret_revoked",
    SecretNew = "secret_new",
    SecretNewText = "secret_new_text",
    SecretSaved = "secret_saved",
    SecretsFull = "secrets_full",
    Revoke = "revoke",
    SecretRevoke = "secret_revoke",
    SecretRevokeText = "secret_revoke_text",
    PasswordNotYours = "password_not_yours",
    Added = "added",
    Removed = "removed",
    SecretWasRevoked = "secret_was_revoked",
    CreatedOn = "created_on",

    // Operators.
    OperatorsTitle = "operators_title",
    OperatorsText = "operators_text",
    OperatorYou = "operator_you",
    OperatorRemove = "operator_remove",
    OperatorRemoveText = "operator_remove_text",
    OperatorLast = "operator_last",
    InvitationsTitle = "invitations_title",
    InvitationUntil = "invitation_until",
    InvitationWithdraw = "invitation_withdraw",
    InvitationWithdrawTitle = "invitation_withdraw_title",
    InvitationWithdrawText = "invitation_withdraw_text",
    InviteHint = "invite_hint",
    Invite = "invite",
    InvitedTitle = "invited_title",
    InvitedText = "invited_text",
    InvitedLabel = "invited_label",
    InvitedDone = "invited_done",
    InviteTaken = "invite_taken",
}

//! Apps, links, sessions, connections, consents, link codes, institutions, settings.

use sea_orm_migration::prelude::*;

use super::columns::{belongs, blob_or_null, counter, index, integer, integer_or_null, key, text, text_or_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_foundation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            apps(),
            client_secrets(),
            redirect_uris(),
            allowed_origins(),
            themes(),
            settings(),
            institutions(),
            links(),
            authorize_tokens(),
            link_sessions(),
            connections(),
            consents(),
            link_codes(),
            reauthorisation_tokens(),
        ] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn apps() -> TableCreateStatement {
    Table::create()
        .table("apps")
        .col(key("id"))
        .col(text("name"))
        .col(text("mode"))
        .col(text("client_id").unique_key())
        .col(text("data_key_hash").unique_key())
        .col(text("settings"))
        .col(integer("created_at"))
        .to_owned()
}

fn client_secrets() -> TableCreateStatement {
    Table::create()
        .table("client_secrets")
        .col(key("id"))
        .col(text("app_id"))
        .col(text("hash").unique_key())
        .col(integer("created_at"))
        .col(integer_or_null("revoked_at"))
        .foreign_key(&mut belongs("client_secrets", "app_id", "apps", "id"))
        .to_owned()
}

fn redirect_uris() -> TableCreateStatement {
    Table::create()
        .table("redirect_uris")
        .col(counter("position"))
        .col(text("app_id"))
        .col(text("uri"))
        .col(integer("created_at"))
        .foreign_key(&mut belongs("redirect_uris", "app_id", "apps", "id"))
        .index(Index::create().unique().name("redirect_uris_of_app").col("app_id").col("uri"))
        .to_owned()
}

fn allowed_origins() -> TableCreateStatement {
    Table::create()
        .table("allowed_origins")
        .col(counter("position"))
        .col(text("app_id"))
        .col(text("origin"))
        .col(integer("created_at"))
        .foreign_key(&mut belongs("allowed_origins", "app_id", "apps", "id"))
        .index(Index::create().unique().name("allowed_origins_of_app").col("app_id").col("origin"))
        .to_owned()
}

fn themes() -> TableCreateStatement {
    Table::create()
        .table("themes")
        .col(key("app_id"))
        .col(text("source"))
        .col(text("css"))
        .col(text("hash"))
        .col(integer("updated_at"))
        .foreign_key(&mut belongs("themes", "app_id", "apps", "id"))
        .to_owned()
}

fn settings() -> TableCreateStatement {
    Table::create().table("settings").col(key("name")).col(text("value")).to_owned()
}

fn institutions() -> TableCreateStatement {
    Table::create()
        .table("institutions")
        .col(key("id"))
        .col(text("name"))
        .col(text("country"))
        .col(text_or_null("bic"))
        .col(text_or_null("short_name"))
        .col(text("aliases"))
        .col(text("connector"))
        .col(ColumnDef::new("built_in").boolean().not_null())
        .col(text("health"))
        .col(integer("popularity"))
        .to_owned()
}

fn links() -> TableCreateStatement {
    Table::create()
        .table("links")
        .col(key("id"))
        .col(text("app_id"))
        .col(text("token").unique_key())
        .col(text("redirect_uri"))
        .col(text("name"))
        .col(text("state"))
        // With whom people agree, and to what, where that is not the app.
        .col(text_or_null("company_name"))
        .col(text_or_null("terms_url"))
        .col(text_or_null("privacy_url"))
        .col(integer("created_at"))
        .foreign_key(&mut belongs("links", "app_id", "apps", "id"))
        .foreign_key(
            // A link's redirect URI is one of its app's at any time: the database refuses to remove one in use.
            ForeignKey::create()
                .name("fk_links_redirect_uri")
                .from("links", ("app_id", "redirect_uri"))
                .to("redirect_uris", ("app_id", "uri")),
        )
        .to_owned()
}

fn authorize_tokens() -> TableCreateStatement {
    Table::create()
        .table("authorize_tokens")
        .col(key("hash"))
        .col(text("app_id"))
        .col(text("parameters"))
        .col(text_or_null("reauthorisation_hash"))
        .col(text_or_null("client_secret_id"))
        .col(integer("created_at"))
        .col(integer("expires_at"))
        .col(integer_or_null("used_at"))
        .col(text_or_null("session_id"))
        .foreign_key(&mut belongs("authorize_tokens", "app_id", "apps", "id"))
        .to_owned()
}

fn link_sessions() -> TableCreateStatement {
    Table::create()
        .table("link_sessions")
        .col(key("id"))
        .col(text("app_id"))
        .col(text("key_hash").unique_key())
        // What opened it may be forgotten before it is, so neither is a foreign key.
        .col(text_or_null("authorize_token_hash"))
        .col(text_or_null("link_id"))
        .col(integer("number"))
        .col(integer("revision"))
        // Of what the bank's own page sends the person back with.
        .col(text_or_null("return_hash").unique_key())
        // Erased once the session's time is up.
        .col(blob_or_null("state"))
        .col(integer_or_null("busy_until"))
        .col(integer("created_at"))
        .col(integer("last_activity_at"))
        .col(integer("expires_at"))
        // Where the person is, or was when it ended.
        .col(text("screen"))
        .col(text_or_null("institution_id"))
        .col(text_or_null("outcome"))
        // The connection, the reason or the failure: which one, the outcome says.
        .col(text_or_null("outcome_detail"))
        .col(integer_or_null("outcome_at"))
        // Of those who left because they did not find their institution.
        .col(blob_or_null("searched"))
        .foreign_key(&mut belongs("link_sessions", "app_id", "apps", "id"))
        .to_owned()
}

fn connections() -> TableCreateStatement {
    Table::create()
        .table("connections")
        .col(key("id"))
        .col(text("app_id"))
        .col(text("institution_id"))
        // Empty where there is none: NULLs would all differ from each other in the unique index below.
        .col(text("external_id"))
        .col(text_or_null("tag"))
        .col(text("identity"))
        .col(integer_or_null("days_of_transactions"))
        .col(ColumnDef::new("with_transactions").boolean().not_null())
        .col(ColumnDef::new("schedule_refresh").boolean().not_null())
        // When the next refresh is due, when the last went well, and why one failed since.
        .col(integer_or_null("refresh_due_at"))
        .col(integer_or_null("refreshed_at"))
        .col(text_or_null("refresh_failure"))
        // Whose it is to refresh it, and until when.
        .col(blob_or_null("refresh_claim"))
        .col(integer_or_null("refresh_until"))
        .col(text_or_null("consent_id"))
        .col(text("state"))
        .col(text_or_null("token_hash").unique_key())
        .col(blob_or_null("sealed_token"))
        .col(blob_or_null("sealed_state"))
        .col(blob_or_null("sealed_username"))
        .col(text_or_null("accounts"))
        .col(integer("created_at"))
        .col(integer("updated_at"))
        .foreign_key(&mut belongs("connections", "app_id", "apps", "id"))
        .to_owned()
}

fn consents() -> TableCreateStatement {
    Table::create()
        .table("consents")
        .col(key("id"))
        .col(text("app_id"))
        .col(text("session_id"))
        .col(text_or_null("connection_id"))
        .col(text("text_hash"))
        .col(text("language"))
        .col(text("scopes"))
        .col(integer("given_at"))
        .col(integer("expires_at"))
        .col(integer_or_null("revoked_at"))
        .foreign_key(&mut belongs("consents", "app_id", "apps", "id"))
        .to_owned()
}

fn link_codes() -> TableCreateStatement {
    Table::create()
        .table("link_codes")
        .col(key("hash"))
        .col(text("app_id"))
        .col(text_or_null("link_id"))
        .col(text("connection_id"))
        .col(text("extra"))
        .col(blob_or_null("sealed"))
        .col(integer("created_at"))
        .col(integer("expires_at"))
        .col(integer_or_null("used_at"))
        .foreign_key(&mut belongs("link_codes", "app_id", "apps", "id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_link_codes_link")
                .from("link_codes", "link_id")
                .to("links", "id")
                .on_delete(ForeignKeyAction::SetNull),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_link_codes_connection")
                .from("link_codes", "connection_id")
                .to("connections", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn reauthorisation_tokens() -> TableCreateStatement {
    Table::create()
        .table("reauthorisation_tokens")
        .col(key("hash"))
        .col(text("app_id"))
        .col(text("connection_id"))
        .col(text_or_null("client_secret_id"))
        .col(text("purpose"))
        // For its app to have it again, until it is used.
        .col(blob_or_null("sealed"))
        .col(integer("created_at"))
        .col(integer("expires_at"))
        .col(integer_or_null("used_at"))
        .col(text_or_null("session_id"))
        .foreign_key(&mut belongs("reauthorisation_tokens", "app_id", "apps", "id"))
        .foreign_key(
            ForeignKey::create()
                .name("fk_reauthorisation_tokens_connection")
                .from("reauthorisation_tokens", "connection_id")
                .to("connections", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("client_secrets_of_app", "client_secrets").col("app_id").to_owned(),
        index("redirect_uris_by_uri", "redirect_uris").col("uri").to_owned(),
        index("themes_by_hash", "themes").col("hash").to_owned(),
        index("links_of_app", "links").col("app_id").col("redirect_uri").to_owned(),
        index("authorize_tokens_by_app", "authorize_tokens").col("app_id").to_owned(),
        index("authorize_tokens_by_expiry", "authorize_tokens").col("expires_at").to_owned(),
        index("link_sessions_of_app", "link_sessions").col("app_id").col("created_at").col("id").to_owned(),
        index("link_sessions_by_outcome", "link_sessions").col("outcome").col("expires_at").to_owned(),
        // Of those that ended, few are not erased yet.
        index("link_sessions_to_erase", "link_sessions")
            .col("expires_at")
            .and_where(Expr::col("state").is_not_null().and(Expr::col("outcome").is_not_null()))
            .to_owned(),
        index("link_sessions_with_search", "link_sessions")
            .col("app_id")
            .col("outcome_at")
            .col("id")
            .and_where(Expr::col("searched").is_not_null())
            .to_owned(),
        index("connections_of_app", "connections").col("app_id").col("created_at").col("id").to_owned(),
        index("connections_by_state", "connections").col("app_id").col("state").col("created_at").col("id").to_owned(),
        index("connections_of_external_id", "connections")
            .col("app_id")
            .col("external_id")
            .col("created_at")
            .col("id")
            .to_owned(),
        // One person at one institution is one connection of an app and, where the app tells people apart, of its person.
        index("connections_of_person", "connections")
            .unique()
            .col("app_id")
            .col("institution_id")
            .col("identity")
            .col("external_id")
            .and_where(Expr::col("state").ne("deleted"))
            .to_owned(),
        index("connections_to_refresh", "connections")
            .col("institution_id")
            .col("refresh_due_at")
            .and_where(Expr::col("state").eq("active").and(Expr::col("refresh_due_at").is_not_null()))
            .to_owned(),
        index("consents_of_app", "consents").col("app_id").to_owned(),
        index("consents_of_connection", "consents").col("connection_id").to_owned(),
        // Only unused codes are ever listed, and most are used soon.
        index("link_codes_unused", "link_codes")
            .col("app_id")
            .col("created_at")
            .col("hash")
            .and_where(Expr::col("used_at").is_null())
            .to_owned(),
        index("link_codes_of_link", "link_codes").col("link_id").to_owned(),
        index("link_codes_of_connection", "link_codes").col("connection_id").to_owned(),
        index("link_codes_by_expiry", "link_codes").col("expires_at").to_owned(),
        index("reauthorisation_tokens_by_app", "reauthorisation_tokens").col("app_id").to_owned(),
        index("reauthorisation_tokens_of_connection", "reauthorisation_tokens").col("connection_id").to_owned(),
        index("reauthorisation_tokens_by_expiry", "reauthorisation_tokens").col("expires_at").to_owned(),
    ]
}

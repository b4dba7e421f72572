//! Logos of institutions, from a folder to the browser.

use std::fs;

use axum::http::StatusCode;
use banklink_domain::logo::{Logo, MAX_LOGO};
use banklink_server::logos::{self, ImportedLogos};

use crate::support::World;

/// A WebP picture of 64 by 48 pixels, as far as its header says.
const PICTURE: &[u8] = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc0\x0b\x00";

#[tokio::test]
async fn a_logo_is_served_by_us_under_its_content_for_ever_and_as_nothing_but_a_picture() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("testbank.webp"), PICTURE).unwrap();
    let done = logos::import(&world.state.store, folder.path(), |refusal| panic!("{refusal}")).await.unwrap();
    assert_eq!(done, ImportedLogos { imported: 1, refused: 0 });

    let logo = Logo::read(PICTURE.to_vec()).unwrap();
    let served = world.get(&format!("/logos/{}", logo.name())).await;
    assert_eq!((served.status, served.text.as_str()), (StatusCode::OK, &*String::from_utf8_lossy(PICTURE)));
    let headers = [
        ("content-type", "image/webp"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
    ];
    for (name, value) in headers {
        assert_eq!(served.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn an_unknown_logo_is_not_found() {
    let world = World::new().await;
    for name in ["x", "..%2f..%2fetc", &"0".repeat(64), &"A".repeat(64)] {
        assert_eq!(world.get(&format!("/logos/{name}")).await.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_logo_or_nobodys_is_refused_by_name_and_the_others_are_imported() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    file("testbank.WEBP", PICTURE);
    file(".DS_Store", b"hidden");
    file("FlinksCapital.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>");
    file("oauthbank.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>");
    file("qrbank.png", &vec![0; MAX_LOGO + 2]);
    file("nobody.webp", PICTURE);
    fs::create_dir(folder.path().join("slowbank.png")).unwrap();
    let mut refusals = Vec::new();
    let done = logos::import(&world.state.store, folder.path(), |refusal| refusals.push(refusal)).await.unwrap();
    assert_eq!(done, ImportedLogos { imported: 1, refused: 4 });
    assert_eq!(
        refusals,
        [
            "FlinksCapital.svg: not named as an id with .png, .jpg, .jpeg or .webp",
            "oauthbank.png: not a PNG, JPEG or WebP picture",
            "qrbank.png: larger than 32 KB",
            "nobody: there is no institution of this id",
        ]
    );
}

//! Rebuilds the binary when what it embeds changes: cargo does not see files that come or go by themselves.

fn main() {
    for folder in ["../../target/widget", "../../locales", "host_page"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}

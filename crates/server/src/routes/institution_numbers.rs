//! Numbers for institutions, where a vendor's API has them instead of ids.

use banklink_protocol::ids::InstitutionId;

/// The number of an institution: its id where that is one, else one made of its id, the same on every server.
pub fn number_of(id: &InstitutionId) -> u32 {
    // FNV-1a, without the sign that some languages would read into the highest bit.
    let mixed =
        || id.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    id.as_str().parse().unwrap_or_else(|_| mixed() >> 1)
}

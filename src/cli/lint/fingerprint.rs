//! A finding's name that stays the same while the file around it changes: what GitLab and code scanners compare two runs by.

/// The offset basis and the prime of FNV-1a with 128 bits. Source: "The FNV Non-Cryptographic Hash Algorithm", RFC 9923.
const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// FNV-1a over the parts, each ended by a byte that no text holds, as 32 hexadecimal digits.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    let mut hash = BASIS;
    for byte in parts.iter().flat_map(|it| it.bytes().chain([0xff])) {
        hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    }
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fnv_1a_and_parts_do_not_run_together() {
        // By RFC 9923, FNV-1a of nothing is the basis.
        assert_eq!(fingerprint(&[]), "6c62272e07bb014262b821756295c58d");
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_eq!(fingerprint(&["rule", "file"]), fingerprint(&["rule", "file"]));
    }
}

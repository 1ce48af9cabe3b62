//! The archive: every file of a setup as one `.zip`, stored, with fixed times, so that the same setup gives the same bytes.
//!
//! Stored, not deflated: two implementations of deflate give two archives of the same files, and the page would have to carry
//! one for twenty kilobytes of text.
//!
//! The container is written here: local headers, a central directory and its end, as PKWARE's APPNOTE.TXT describes them (4.3.7,
//! 4.3.12, 4.3.16). Nothing of ours needs ZIP64, encryption or folders. Rejected: a crate, for the bytes that it costs the page.

use super::{File, Kind, files};
use crate::setup::Setup;

/// An archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Every file of `setup`, as one file.
pub fn archive(setup: &Setup) -> Archive {
    Archive { name: format!("claimcheck-{}.zip", setup.aws().account_id), bytes: zip(&files(setup)) }
}

/// The first of January 1980, where the format's time begins.
const DATE: u16 = (1 << 5) | 1;
/// What a reader needs to know: files that are stored, version 1.0.
const NEEDED: u16 = 10;
/// Made as on Unix by a program of version 2.0, so that modes count.
const MADE_BY: u16 = (3 << 8) | 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const STORED: u16 = 0;

fn zip(files: &[File]) -> Vec<u8> {
    let mut out = Writer::default();
    let mut directory = Writer::default();
    for file in files {
        let at = out.length();
        let about = About::of(file);
        out.u32(0x0403_4b50);
        about.write(&mut out);
        out.text(&file.name);
        out.text(&file.text);
        directory.u32(0x0201_4b50);
        directory.u16(MADE_BY);
        about.write(&mut directory);
        // No comment, the first disk, nothing said of the text's encoding.
        directory.u16(0);
        directory.u16(0);
        directory.u16(0);
        directory.u32(mode(file) << 16);
        directory.u32(at);
        directory.text(&file.name);
    }
    let (at, length, count) = (out.length(), directory.length(), small(files.len()));
    out.bytes.extend(&directory.bytes);
    out.u32(0x0605_4b50);
    out.u16(0);
    out.u16(0);
    out.u16(count);
    out.u16(count);
    out.u32(length);
    out.u32(at);
    out.u16(0);
    out.bytes
}

/// A regular file; a script may be started.
fn mode(file: &File) -> u32 {
    if file.kind == Some(Kind::AwsCli) { 0o100_755 } else { 0o100_644 }
}

/// What both headers of a file say.
struct About {
    checksum: u32,
    length: u32,
    name: u16,
}

impl About {
    fn of(file: &File) -> Self {
        Self { checksum: crc32(file.text.as_bytes()), length: large(file.text.len()), name: small(file.name.len()) }
    }

    fn write(&self, out: &mut Writer) {
        for value in [NEEDED, FLAGS, STORED, 0, DATE] {
            out.u16(value);
        }
        for value in [self.checksum, self.length, self.length] {
            out.u32(value);
        }
        out.u16(self.name);
        // No extra field.
        out.u16(0);
    }
}

/// Numbers, the lowest byte first.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn u16(&mut self, value: u16) {
        self.bytes.extend(value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.bytes.extend(value.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend(text.as_bytes());
    }

    fn length(&self) -> u32 {
        large(self.bytes.len())
    }
}

/// A setup is at most a megabyte of JSON; its files are far from four gigabytes.
fn large(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn small(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// The checksum of ISO 3309, bit by bit: the files are small, a table would be larger than the code.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_the_standards() {
        assert_eq!(super::crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(super::crc32(b""), 0);
    }
}

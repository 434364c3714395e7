//! Asking clamd whether there is a virus in a file, over its socket and in its own words (INSTREAM).

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

use super::Files;
use crate::{
    config::Clamd,
    error::{AppError, Result},
};

const PIECE: usize = 64 * 1024;
/// More than any answer of clamd.
const LONGEST_ANSWER: u64 = 4_096;

/// What the scanner says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It found nothing.
    Clean,
    /// It found a virus.
    Infected,
    /// Nobody looks for viruses here.
    NotScanned,
}

impl Files {
    /// Whether somebody looks for viruses in what is uploaded.
    pub const fn scans(&self) -> bool {
        self.clamd.is_some()
    }

    /// Lets the scanner look at a file that is stored.
    ///
    /// # Errors
    /// When the file cannot be read, or the scanner does not answer in time or in words that are known.
    pub async fn scan(&self, hash: &str) -> Result<Verdict> {
        let Some(clamd) = &self.clamd else { return Ok(Verdict::NotScanned) };
        let bytes = self.get(hash).await?;
        let said = timeout(self.longest_scan, ask(clamd, &bytes)).await.map_err(AppError::internal)?;
        verdict(&said.map_err(AppError::internal)?)
    }
}

async fn ask(clamd: &Clamd, bytes: &[u8]) -> std::io::Result<String> {
    match clamd {
        Clamd::Socket(path) => converse(UnixStream::connect(path).await?, bytes).await,
        Clamd::Address(address) => converse(TcpStream::connect(address).await?, bytes).await,
    }
}

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> std::io::Result<String> {
    stream.write_all(b"zINSTREAM\0").await?;
    for piece in bytes.chunks(PIECE) {
        let length = u32::try_from(piece.len()).map_err(std::io::Error::other)?;
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(piece).await?;
    }
    stream.write_all(&0_u32.to_be_bytes()).await?;
    stream.flush().await?;
    let mut said = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut said).await?;
    Ok(String::from_utf8_lossy(&said).trim_end_matches(['\0', '\n']).to_owned())
}

/// Only what is called clean is clean: whatever else clamd may say, the file stays where it is.
fn verdict(said: &str) -> Result<Verdict> {
    match said {
        "stream: OK" => Ok(Verdict::Clean),
        found if found.starts_with("stream: ") && found.ends_with(" FOUND") => Ok(Verdict::Infected),
        other => Err(AppError::internal(format!("clamd said {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_scanner_calls_clean_is_clean() {
        assert_eq!(verdict("stream: OK").expect("known"), Verdict::Clean);
        assert_eq!(verdict("stream: Eicar-Signature FOUND").expect("known"), Verdict::Infected);
        for unknown in ["", "OK", "INSTREAM size limit exceeded. ERROR", "stream: OK FOUND ERROR", "UNKNOWN COMMAND"] {
            assert!(verdict(unknown).is_err(), "{unknown}");
        }
    }
}

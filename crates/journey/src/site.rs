//! Sites of other people, to see what the widget does there.

use std::sync::Arc;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::JourneyError;

/// A site with one page, on a port and so an origin of its own, until dropped.
#[derive(Debug)]
pub struct Site {
    origin: String,
    serving: JoinHandle<()>,
}

impl Site {
    /// Serves `page` at every address of `http://<host>:<free port>`. `host` is a name or address of this machine.
    pub async fn serve(host: &str, page: String) -> Result<Self, JourneyError> {
        let failed = |source| JourneyError::NotStarted { program: "a site of a test".into(), source };
        let listener = TcpListener::bind((host, 0)).await.map_err(failed)?;
        let origin = format!("http://{host}:{}", listener.local_addr().map_err(failed)?.port());
        let page = Arc::<str>::from(page);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let page = Arc::clone(&page);
                // Browsers open connections that they may not use; others must not wait for those. One that goes away
                // is no concern of the site.
                tokio::spawn(async move { answer(stream, &page).await });
            }
        });
        Ok(Self { origin, serving })
    }

    /// Its origin, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(mut stream: TcpStream, page: &str) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(page.as_bytes()).await
}

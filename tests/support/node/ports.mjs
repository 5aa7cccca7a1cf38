// Ports for servers that stop and come back: below the range from which the kernel takes ports for connections, so that
// nobody's connection sits on ours meanwhile.
import net from 'node:net';

const given = new Set();

/** Free on loopback, and never given twice by this process. */
export async function free_port() {
    for (;;) {
        const port = 10_000 + Math.floor(Math.random() * 20_000);
        if (!given.has(port) && await is_free(port)) {
            given.add(port);
            return port;
        }
    }
}

function is_free(port) {
    const server = net.createServer();
    return new Promise((done) => {
        server.once('error', () => done(false));
        server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
    });
}

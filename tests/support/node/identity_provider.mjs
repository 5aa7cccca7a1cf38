// An identity provider of a centre: the certified oidc-provider, with its own pages to sign in at.
import Provider from 'oidc-provider';

export const kClient = {id: 'handrail', secret: 'a-secret:of/twenty%five+'};

export class IdentityProvider {
    /** @param redirect_uri  of the line · @param people  login: claims */
    static async start({port, redirect_uri, people}) {
        const one = new IdentityProvider();
        one.issuer = `http://127.0.0.1:${port}`;
        const provider = new Provider(one.issuer, {
            clients: [{client_id: kClient.id, client_secret: kClient.secret, redirect_uris: [redirect_uri], grant_types: ['authorization_code'], response_types: ['code']}],
            claims: {openid: ['sub'], email: ['email', 'email_verified']},
            conformIdTokenClaims: false, // with the login in the ID token, as most providers have it
            cookies: {keys: ['of a test']},
            pkce: {required: () => true},
            findAccount: (_, id) => people[id] && {accountId: id, claims: () => ({sub: id, ...people[id]})},
        });
        provider.on('server_error', (_, error) => one.faults.push(error));
        one.faults = [];
        one.server = await new Promise((done) => {
            const server = provider.listen(port, '127.0.0.1', () => done(server));
        });
        return one;
    }
    stop() {
        this.server.closeAllConnections();
        return new Promise((done) => this.server.close(done));
    }
}

/** A browser without a screen: it follows redirects with the cookies of each host, and signs in at the provider's page. */
export class Wanderer {
    cookies = new Map();
    async goes(url, {form} = {}) {
        const {host} = new URL(url);
        const jar = this.cookies.get(host) ?? new Map();
        const answer = await fetch(url, {
            method: form ? 'POST' : 'GET', redirect: 'manual', body: form && new URLSearchParams(form),
            headers: {Cookie: [...jar].map((pair) => pair.join('=')).join('; ')},
        });
        for (const set of answer.headers.getSetCookie()) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
            if (value && !/Max-Age=0/.test(set)) jar.set(name, value);
            else jar.delete(name);
        }
        this.cookies.set(host, jar);
        const text = await answer.text();
        const to = answer.headers.get('location');
        return {status: answer.status, headers: answer.headers, text, to: to && new URL(to, url).href};
    }
    /** From one address on until `stop` says that this is the place; its address. */
    async follows(url, stop, login) {
        for (let steps = 0; steps < 20; ++steps) {
            if (stop(url)) return url;
            const here = await this.goes(url);
            const prompt = /name="prompt" value="(\w+)"/.exec(here.text)?.[1];
            const action = /action="([^"]+)"/.exec(here.text)?.[1];
            const next = here.to ?? (prompt && (await this.goes(new URL(action, url).href, {form: {prompt, login, password: 'any'}})).to);
            if (!next) throw new Error(`${url}: ${here.status} ${here.text.slice(0, 500)}`);
            url = next;
        }
        throw new Error(`goes round and round at ${url}`);
    }
}

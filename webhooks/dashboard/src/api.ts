// The staff API as functions: typed by its OpenAPI document, so that a change of the contract does not compile.
import type {components, paths} from './contract.gen';

type Schemas = components['schemas'];
export type Account = Schemas['Account'];
export type Action = Schemas['Action'];
export type AuditEntry = Schemas['AuditEntry'];
export type CheckIn = Schemas['CheckIn'];
export type Consent = Schemas['Consent'];
export type ConsentEntry = Schemas['ConsentEntry'];
export type Conversation = Schemas['Conversation'];
export type ConversationRow = Schemas['ConversationRow'];
export type Delivery = Schemas['Delivery'];
export type EventType = Schemas['EventType'];
export type Erasure = Schemas['Erasure'];
export type Escalation = Schemas['Escalation'];
export type Flow = Schemas['Flow'];
export type FlowSummary = Schemas['FlowSummary'];
export type Hook = Schemas['Hook'];
export type Me = Schemas['Me'];
export type Message = Schemas['Message'];
export type Messages = Schemas['Messages'];
export type Note = Schemas['Note'];
export type Numbers = Schemas['Numbers'];
export type OpenTask = Schemas['OpenTask'];
export type OnCall = Schemas['OnCall'];
export type Passkey = Schemas['Passkey'];
export type Permission = Schemas['Permission'];
export type Place = Schemas['Place'];
export type Priority = Schemas['Priority'];
export type Queue = Schemas['Queue'];
export type QueueItem = Schemas['QueueItem'];
export type Role = Schemas['Role'];
export type SavedReply = Schemas['SavedReply'];
export type SignIn = Schemas['SignIn'];
export type Token = Schemas['Token'];
type ProblemDocument = Schemas['Problem'];

/** What the server refused, or that it could not be reached (status 0). */
export class Problem extends Error {
    constructor(readonly document: ProblemDocument) {
        super(document.detail || document.title);
    }
    get status(): number {
        return this.document.status;
    }
    get code(): string {
        return this.document.code ?? '';
    }
    /** Nothing is known of what became of the request. */
    get unreachable(): boolean {
        return this.status === 0 || this.status >= 502;
    }
}

/** Told once for each answer that says nobody is signed in. */
export const on_signed_out = new Set<() => void>();

type Body<T> = [T] extends [never] ? undefined : T extends {content: {'application/json': infer J}} ? J : undefined;
type Answer<Operation> = Operation extends {responses: infer R}
    ? Body<R extends {200: infer A} ? A : R extends {201: infer B} ? B : R extends {202: infer C} ? C : undefined>
    : never;
type Asked<Operation> = Operation extends {requestBody?: infer B} ? Body<NonNullable<B>> : undefined;
type InPath<Operation> = Operation extends {parameters: {path: infer P}} ? P : undefined;
type InQuery<Operation> = Operation extends {parameters: {query?: infer Q}} ? Q : undefined;
type With<Operation> = {path?: InPath<Operation>; query?: InQuery<Operation>};
type Gets = {[P in keyof paths]: paths[P] extends {get: object} ? P : never}[keyof paths];
type Posts = {[P in keyof paths]: paths[P] extends {post: object} ? P : never}[keyof paths];

function target(template: string, {path, query}: {path?: unknown; query?: unknown}): string {
    const filled = template.replace(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(String((path as Record<string, unknown>)[name])),
    );
    const asked = Object.entries((query ?? {}) as Record<string, unknown>).filter(
        ([, value]) => value !== undefined && value !== '',
    );
    if (asked.length === 0) return filled;
    return `${filled}?${new URLSearchParams(asked.map(([name, value]) => [name, String(value)]))}`;
}

async function problem_of(answer: Response): Promise<Problem> {
    const document = (await answer.json().catch(() => ({}))) as Partial<ProblemDocument>;
    return new Problem({title: answer.statusText || String(answer.status), ...document, status: answer.status});
}

async function answer_to(url: string, options: RequestInit): Promise<Response> {
    let answer: Response;
    try {
        answer = await fetch(url, {credentials: 'same-origin', cache: 'no-store', redirect: 'error', ...options});
    } catch {
        throw new Problem({title: 'unreachable', status: 0});
    }
    if (!answer.ok) {
        const problem = await problem_of(answer);
        if (
            problem.status === 401 &&
            !['wrong_sign_in', 'code_needed', 'wrong_code', 'link_used', 'passkey_refused'].includes(problem.code)
        ) {
            on_signed_out.forEach((told) => told());
        }
        throw problem;
    }
    return answer;
}

async function exchange(url: string, options: RequestInit): Promise<unknown> {
    const answer = await answer_to(url, options);
    return answer.status === 204 || answer.status === 205 ? undefined : answer.json();
}

export function get<P extends Gets>(path: P, more: With<paths[P] extends {get: infer O} ? O : never> = {}) {
    type Operation = paths[P] extends {get: infer O} ? O : never;
    return exchange(target(path, more), {}) as Promise<Answer<Operation>>;
}

/** What is no JSON, as it is. */
export async function get_file<P extends Gets>(path: P, more: With<paths[P] extends {get: infer O} ? O : never> = {}) {
    return (await answer_to(target(path, more), {})).blob();
}

export function post<P extends Posts>(
    path: P,
    body: Asked<paths[P] extends {post: infer O} ? O : never>,
    more: With<paths[P] extends {post: infer O} ? O : never> = {},
) {
    type Operation = paths[P] extends {post: infer O} ? O : never;
    return exchange(target(path, more), {
        method: 'POST',
        headers: {'Content-Type': 'application/json', 'X-Handrail': '1'},
        body: JSON.stringify(body ?? {}),
    }) as Promise<Answer<Operation>>;
}

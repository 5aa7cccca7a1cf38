// Small pieces every page uses. Text of anybody is always a child, never markup.
import type {ComponentChildren, JSX} from 'preact';
import {useEffect, useId, useRef, useState} from 'preact/hooks';
import type {Priority} from '../api';
import {explain, use_doing, use_now} from '../hooks';
import {words} from '../settings';
import {moment, span} from '../times';

export type Children = {children?: ComponentChildren};

const kIcons = {
    alert: 'M12 3 2.5 20h19L12 3Zm0 6v5m0 3v.5',
    back: 'M15 5l-7 7 7 7',
    bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15L6 16Zm4 4.5h4',
    bell_off: 'M6.2 9.5A6 6 0 0 0 6 11v5l-1.5 2H17M9 5.8A6 6 0 0 1 18 11v3.5M10 21h4M4 3.5l16.5 17',
    check: 'M5 12.5l4.5 4.5L19 7.5',
    more: 'M5 12h.5M12 12h.5M19 12h.5',
    send: 'M4 12h15m-6-6 6 6-6 6',
    info: 'M12 11v6m0-10v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
    search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 4 4',
    saved: 'M6 3h12v18l-6-4-6 4V3Z',
    note: 'M5 4h14v11l-5 5H5V4Zm9 16v-5h5',
    queue: 'M4 6h16M4 12h16M4 18h10',
    contacts: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 8c1-4 4-5.5 8-5.5s7 1.5 8 5.5',
    oncall: 'M5 4h4l2 5-2.5 2a12 12 0 0 0 5 5L15.5 13.5l5 2v4a1.5 1.5 0 0 1-1.5 1.5A16 16 0 0 1 3.5 5.5 1.5 1.5 0 0 1 5 4Z',
    flows: 'M6 3h5v5H6V3Zm8 13h5v5h-5v-5ZM8.5 8v5.5h8V16M3.5 16h5v5h-5v-5Zm2.5 0v-2.5h3',
    numbers: 'M4 20V10m5 10V4m5 16v-8m5 8V7',
    admin: 'M12 3l8 3v6c0 5-3.5 7.5-8 9-4.5-1.5-8-4-8-9V6l8-3Z',
    me: 'M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-7 9c.5-4 3-6 7-6s6.5 2 7 6',
};
export type IconName = keyof typeof kIcons;

export const Icon = ({name}: {name: IconName}) => (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={kIcons[name]} />
    </svg>
);

type ButtonProps = JSX.HTMLAttributes<HTMLButtonElement> &
    Children & {
        kind?: 'main' | 'quiet' | 'grave';
        busy?: boolean;
        icon?: IconName;
        submit?: boolean;
        disabled?: boolean;
        key_hint?: string;
    };
export function Button({
    kind = 'quiet',
    busy = false,
    icon,
    submit,
    children,
    key_hint,
    disabled,
    ...rest
}: ButtonProps) {
    return (
        <button
            type={submit ? 'submit' : 'button'}
            class={`button ${kind}`}
            aria-disabled={busy || disabled ? true : undefined}
            aria-keyshortcuts={key_hint}
            {...rest}
            onClick={(event) => {
                if (busy || disabled) event.preventDefault();
                else rest.onClick?.(event);
            }}
        >
            {icon && <Icon name={icon} />}
            {children}
        </button>
    );
}

/** A button that shows only an icon. */
export function IconButton({
    icon,
    label,
    ...rest
}: JSX.HTMLAttributes<HTMLButtonElement> & {icon: IconName; label: string}) {
    return (
        <button type="button" class="icon-button" aria-label={label} title={label} {...rest}>
            <Icon name={icon} />
        </button>
    );
}

export const Chip = ({tone = '', children}: Children & {tone?: string}) => (
    <span class={`chip ${tone}`}>{children}</span>
);

export const PriorityChip = ({priority}: {priority: Priority}) => (
    <span class={`chip ${priority}`}>
        {priority === 'P0' && <Icon name="alert" />}
        {words().queue.priority[priority]}
    </span>
);

/** What went wrong, in words; takes no room when nothing did. */
export function Refusal({error, again}: {error: unknown; again?: () => void}) {
    return (
        <div role="alert" class="refusal-place">
            {error !== undefined && error !== null && (
                <p class="refusal">
                    <Icon name="alert" />
                    <span>{explain(error)}</span>
                    {again && <Button onClick={again}>{words().retry}</Button>}
                </p>
            )}
        </div>
    );
}

export const Loading = () => (
    <p class="empty" role="status">
        {words().loading}…
    </p>
);

type FieldProps = JSX.InputHTMLAttributes<HTMLInputElement> & {label: string; hint?: string | undefined};
export function Field({label, hint, ...rest}: FieldProps) {
    const id = useId();
    return (
        <div class="field">
            <label for={id}>{label}</label>
            <input id={id} aria-describedby={hint ? `${id}-hint` : undefined} {...rest} />
            {hint && (
                <p class="hint" id={`${id}-hint`}>
                    {hint}
                </p>
            )}
        </div>
    );
}

export function Choice({
    label,
    value,
    options,
    onChoice,
}: {
    label: string;
    value: string;
    options: [string, string][];
    onChoice: (value: string) => void;
}) {
    const id = useId();
    return (
        <div class="field">
            <label for={id}>{label}</label>
            <select id={id} value={value} onChange={(event) => onChoice(event.currentTarget.value)}>
                {options.map(([key, text]) => (
                    <option key={key} value={key}>
                        {text}
                    </option>
                ))}
            </select>
        </div>
    );
}

/** Some of a few, each with a box to tick. */
export function Checks<T extends string>({
    legend,
    options,
    chosen,
    onChoice,
    columns = false,
}: {
    legend: string;
    options: [T, ComponentChildren][];
    chosen: T[];
    onChoice: (chosen: T[]) => void;
    columns?: boolean;
}) {
    return (
        <fieldset class={columns ? 'radios columns' : 'radios'}>
            <legend>{legend}</legend>
            {options.map(([key, text]) => (
                <label key={key} class="check">
                    <input
                        type="checkbox"
                        checked={chosen.includes(key)}
                        onChange={(event) =>
                            onChoice(
                                event.currentTarget.checked ? [...chosen, key] : chosen.filter((each) => each !== key),
                            )
                        }
                    />
                    {text}
                </label>
            ))}
        </fieldset>
    );
}

/** Under a list of `use_pages`: what is older. */
export const More = ({pages, label}: {pages: {more: (() => void) | null; busy: boolean}; label: string}) =>
    pages.more && (
        <p class="center">
            <Button busy={pages.busy} onClick={pages.more}>
                {label}
            </Button>
        </p>
    );

/** One of a few, as buttons that stay pressed. */
export function Switch({
    label,
    value,
    options,
    onChoice,
}: {
    label: string;
    value: string;
    options: [string, string][];
    onChoice: (value: string) => void;
}) {
    return (
        <div class="switch" role="group" aria-label={label}>
            {options.map(([key, text]) => (
                <button key={key} type="button" aria-pressed={key === value} onClick={() => onChoice(key)}>
                    {text}
                </button>
            ))}
        </div>
    );
}

/** A form that is sent by its page, not by the browser. */
export function Form({
    onSubmit,
    ...attributes
}: Omit<JSX.HTMLAttributes<HTMLFormElement>, 'onSubmit'> & {onSubmit: () => unknown}) {
    return (
        <form
            {...attributes}
            onSubmit={(event) => {
                event.preventDefault();
                void onSubmit();
            }}
        />
    );
}

/** A modal dialog: the browser keeps the focus in it and gives it back. */
export function Dialog({
    title,
    onClose,
    children,
    wide = false,
}: Children & {title: string; onClose: () => void; wide?: boolean}) {
    const dialog = useRef<HTMLDialogElement>(null);
    const id = useId();
    useEffect(() => {
        const shown = dialog.current;
        if (shown && !shown.open) shown.showModal();
        return () => shown?.close();
    }, []);
    return (
        <dialog
            ref={dialog}
            class={wide ? 'wide' : ''}
            aria-labelledby={id}
            onCancel={(event) => {
                event.preventDefault();
                onClose();
            }}
            onClick={(event) => {
                if (event.target === dialog.current) onClose();
            }}
        >
            <div class="dialog-box">
                <h2 id={id}>{title}</h2>
                {children}
            </div>
        </dialog>
    );
}

/** What something of the line is to be called. */
export function NameField({
    label,
    hint,
    value,
    onText,
}: {
    label: string;
    hint?: string;
    value: string;
    onText: (text: string) => void;
}) {
    return (
        <Field
            label={label}
            hint={hint}
            required
            maxLength={64}
            autocomplete="off"
            value={value}
            onInput={(event) => onText(event.currentTarget.value)}
        />
    );
}

/** A dialog with a form: fields, why it failed, cancel and go. */
export function Asking({
    title,
    go,
    act,
    onDone,
    onClose,
    grave = false,
    wide = false,
    children,
    disabled = false,
}: Children & {
    title: string;
    go: string;
    act: () => Promise<unknown>;
    onDone?: () => void;
    onClose: () => void;
    grave?: boolean;
    wide?: boolean;
    disabled?: boolean;
}) {
    const doing = use_doing();
    return (
        <Dialog title={title} onClose={onClose} wide={wide}>
            <Form
                onSubmit={() =>
                    doing.run(async () => {
                        await act();
                        onDone?.();
                    })
                }
            >
                {children}
                <Refusal error={doing.error} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{words().cancel}</Button>
                    <Button submit kind={grave ? 'grave' : 'main'} busy={doing.busy} disabled={disabled}>
                        {go}
                    </Button>
                </div>
            </Form>
        </Dialog>
    );
}

/** How long ago, ticking. Screen readers hear the moment, not every tick. */
export function Age({since, say}: {since: string; say?: (age: string) => string}) {
    const now = use_now(1_000);
    const age = span(now - Date.parse(since));
    return (
        <time class="age" dateTime={since} title={moment(since)}>
            {say ? say(age) : age}
        </time>
    );
}

export const Moment = ({at}: {at: string}) => (
    <time dateTime={at} title={at}>
        {moment(at)}
    </time>
);

/** A secret that is shown once. */
export function Once({value}: {value: string}) {
    const [copied, set_copied] = useState(false);
    return (
        <p class="once">
            <code>{value}</code>
            <Button onClick={() => void navigator.clipboard?.writeText(value).then(() => set_copied(true))}>
                {copied ? words().copied : words().copy}
            </Button>
        </p>
    );
}

// What came with a text by MMS: fetched when somebody wants to see it, and forgotten with the page.
import {useEffect, useState} from 'preact/hooks';
import {get_file, type Message} from '../api';
import {use_doing} from '../hooks';
import {words} from '../settings';
import {Button, Refusal} from '../ui/parts';

function kind_of(content_type: string): string {
    const kind = content_type.split('/')[0] ?? '';
    return words().talk.media[kind] ?? words().talk.media.other ?? '';
}

interface Fetched {
    url: string;
    type: string;
}

function Medium({message, number, content_type}: {message: Message; number: number; content_type: string}) {
    const doing = use_doing();
    const [fetched, set_fetched] = useState<Fetched | null>(null);
    useEffect(() => () => {
        if (fetched) URL.revokeObjectURL(fetched.url);
    }, [fetched]);
    const kind = kind_of(content_type);
    const show = () =>
        doing.run(async () => {
            const file = await get_file('/api/v1/conversations/{contact}/messages/{message}/media/{number}', {
                path: {contact: message.contact, message: message.id, number},
            });
            set_fetched({url: URL.createObjectURL(file), type: file.type});
        });
    if (!fetched) {
        return (
            <>
                <Button busy={doing.busy} onClick={() => void show()}>
                    {words().talk.show_medium(kind)}
                </Button>
                <Refusal error={doing.error} />
            </>
        );
    }
    if (fetched.type.startsWith('image/')) return <img class="picture" src={fetched.url} alt={words().talk.picture_alt} />;
    return (
        <a class="button quiet" href={fetched.url} download={`mms-${message.id}-${number}`}>
            {words().talk.save_medium(kind)}
        </a>
    );
}

export function Media({message}: {message: Message}) {
    if (message.media.length === 0) return null;
    return (
        <div class="media">
            {message.media.map(({number, content_type}) => (
                <Medium key={number} message={message} number={number} content_type={content_type} />
            ))}
        </div>
    );
}

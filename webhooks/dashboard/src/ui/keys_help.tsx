// Every key, on "?".
import {words} from '../settings';
import {Button, Dialog} from './parts';

export function KeysHelp({onClose}: {onClose: () => void}) {
    const t = words().keys;
    const keys: [string, string][] = [
        ['j', t.next],
        ['k', t.previous],
        ['Enter', t.open],
        ['t', t.take],
        ['r', t.reply],
        ['n', t.note],
        ['s', t.saved],
        ['h', t.hand_back],
        ['x', t.resolve],
        ['g', t.transfer],
        ['c', t.call],
        ['d', t.done],
        ['/', t.search],
        ['q', t.queue],
        ['Esc', t.escape],
        ['?', t.help],
    ];
    return (
        <Dialog title={t.title} onClose={onClose}>
            <dl class="keys">
                {keys.map(([key, what]) => (
                    <div key={key}>
                        <dt>
                            <kbd>{key}</kbd>
                        </dt>
                        <dd>{what}</dd>
                    </div>
                ))}
            </dl>
            <div class="dialog-foot">
                <Button onClick={onClose}>{words().close}</Button>
            </div>
        </Dialog>
    );
}

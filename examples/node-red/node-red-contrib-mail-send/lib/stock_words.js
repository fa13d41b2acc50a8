/**
 * The words of this package that are about mail and stand in no catalogue: the status line, warnings, and the body of
 * a message that is a file and nothing else. English and Japanese in step.
 *
 * Does not: hold sentences of errors; those are English in every document, and explained in the account's language.
 */
'use strict';

const status = {
    en: { connecting: 'connecting', paused: 'waiting', running: 'sending', running_count: 'sending __done__/__total__', done: 'sent' },
    ja: { connecting: '接続中', paused: '待機中', running: '送信中', running_count: '送信中 __done__/__total__', done: '送信済み' },
};

const texts = {
    en: {
        'file-body': 'Attached file: __name__',
        'default-subject': 'Message from Node-RED',
        'fixed-to': 'msg.__name__ was not used, because the node has a fixed "To". '
            + 'Map the node\'s field to msg.__name__ to use it.',
        'priority': 'msg.priority was not used: it is none of "high", "normal" and "low".',
        'buffer-only': 'msg.attachments was not used, because msg.payload is a Buffer and is the attachment. '
            + 'Map the node\'s field "Attachments" to msg.attachments to send both.',
        'header': 'The header __name__ was left out: it belongs to the transfer and not to a mail.',
        'attachment-headers': '__name__ was not used: an attachment has no headers of its own here.',
    },
    ja: {
        'file-body': '添付ファイル: __name__',
        'default-subject': 'Node-RED からのメッセージ',
        'fixed-to': 'ノードの「宛先」が固定されているため、msg.__name__ は使いませんでした。使う場合は、ノードの該当する項目に msg.__name__ を指定してください。',
        'priority': 'msg.priority が high、normal、low のいずれでもないため、使いませんでした。',
        'buffer-only': 'msg.payload が Buffer で、それ自体を添付するため、msg.attachments は使いませんでした。'
            + '両方を送る場合は、ノードの「添付ファイル」に msg.attachments を指定してください。',
        'header': 'ヘッダー __name__ は、メールではなく通信のためのものなので、付けませんでした。',
        'attachment-headers': '__name__ は使いませんでした。添付ファイルに個別のヘッダーは付けられません。',
    },
};

/** A text in the language of `context`, with __name__ replaced. */
function word(language, id, name = '') {
    return (texts[language] || texts.en)[id].replaceAll('__name__', () => name);
}

/** A warning as flow_node.js takes them. `name` is part of its identity: each is logged once. */
function warning(language, id, name = '') {
    return { id: `${id} ${name}`, text: word(language, id, name) };
}

module.exports = { status, texts, warning, word };

// Fields of the flow's node: a value, or where the message, the context or an expression holds it (typedInput).
//
// Guarantees: what is empty is not set, whatever its type says; text of several lines keeps its lines.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const elsewhere = ['msg', 'flow', 'global', 'env', 'jsonata'];

    /** The types that a field takes, the usual one first. `word` gives the labels of choices. */
    function typesOf(field, choices) {
        if (field.kind === 'number') return ['num', ...elsewhere];
        if (field.kind === 'json' || field.kind === 'list') return ['msg', 'json', 'flow', 'global', 'jsonata'];
        if (choices) {
            return [{value: literal(field), label: choices.label, icon: 'fa fa-list-ul', options: choices.options},
                ...elsewhere];
        }
        const structured = (field.types || []).some((type) => type === 'array' || type === 'object');
        return ['str', ...(structured ? ['json'] : []), ...elsewhere];
    }

    /** The type that stands for a literal of the field. */
    function literal(field) {
        return {boolean: 'bool', number: 'num', json: 'json', list: 'json'}[field.kind] || 'str';
    }

    function choicesOf(dialog, field) {
        if (field.kind === 'boolean') {
            return {label: dialog.word('panel.type.choice'), options: [
                {value: '', label: dialog.word('panel.type.unset')},
                {value: 'true', label: dialog.word('panel.type.yes')},
                {value: 'false', label: dialog.word('panel.type.no')}]};
        }
        if (field.kind !== 'select' && field.kind !== 'choice') return null;
        const key = 'input.' + field.name + '.enum.';
        const text = (value) => dialog.word(key + wfcPanel.keyPart(value), {}, String(value));
        return {label: dialog.word('panel.type.choice'), options: [
            {value: '', label: dialog.word('panel.type.unset')},
            ...field.values.map((value) => ({value: String(value), label: text(value)}))]};
    }

    /** What an empty field shows: where its value comes from then, else an example. */
    function hintOf(dialog, field) {
        const members = wfcPanel.previewInput.standIns(field).join(', ');
        return members ? dialog.word('panel.type.from_message', {members})
            : dialog.word('input.' + field.name + '.placeholder', {}, '');
    }

    /** A text of several lines: its own box below the choice of type, which holds everything but text. */
    function multiline(dialog, field, input, typeField) {
        const {element} = wfcPanel;
        const label = dialog.word('input.' + field.name + '.label', {}, field.name);
        const box = element('textarea', {
            id: input.id + '-shown', rows: 4, class: 'wfc-text', spellcheck: 'false', 'aria-label': label,
            placeholder: hintOf(dialog, field)});
        const big = wfcPanel.button(dialog.word('panel.type.expand'), 'fa-expand', () => RED.editor.editText({
            value: box.value,
            mode: 'ace/mode/' + (field.name === 'html' ? 'html' : 'text'),
            complete(text) {
                box.value = text;
                box.dispatchEvent(new Event('change', {bubbles: true}));
            },
        }));
        const part = element('div', {class: 'wfc-lines'}, box, element('div', {class: 'wfc-lines-tools'}, big));
        const text = {value: 'str', label: dialog.word('panel.type.text'), icon: 'red/images/typedInput/az.svg',
            hasValue: false};
        const isText = typeField.value === '' || typeField.value === 'str';
        // The input would have lost the lines.
        box.value = isText ? String(dialog.node[field.name] || '') : '';
        $(input).val(isText ? '' : String(dialog.node[field.name] || ''));
        $(input).typedInput({default: 'str', types: [text, ...elsewhere], typeField: '#' + typeField.id});
        input.parentElement.append(part);
        input.parentElement.querySelector('label').htmlFor = box.id;
        const show = () => { part.hidden = $(input).typedInput('type') !== 'str'; };
        $(input).on('change', show);
        show();
        return {
            value: () => ($(input).typedInput('type') === 'str' ? box.value : $(input).typedInput('value')),
            type: () => $(input).typedInput('type'),
        };
    }

    function single(dialog, field, input, typeField) {
        const types = typesOf(field, choicesOf(dialog, field));
        // The editor copies the attribute, and translates what has it once more when the dialog stands.
        input.removeAttribute('data-i18n');
        $(input).typedInput({default: types[0].value || types[0], types, typeField: '#' + typeField.id});
        return {value: () => String($(input).typedInput('value')), type: () => $(input).typedInput('type')};
    }

    /** The editor's name of the visible input, for screen readers. */
    function named(dialog, field, input) {
        const shown = input.parentElement.querySelector('.red-ui-typedInput-input');
        const label = input.parentElement.querySelector('label');
        if (!shown || !label) return;
        shown.id = input.id + '-shown';
        label.htmlFor = shown.id;
        shown.setAttribute('placeholder', hintOf(dialog, field));
    }

    /** Prepares all fields. Returns {read(), save()}: the values {F, F_type}; save puts them into the inputs. */
    function prepare(dialog, fields) {
        const parts = [];
        for (const field of fields) {
            const input = document.getElementById(dialog.prefix + '-' + field.name);
            const typeField = document.getElementById(dialog.prefix + '-' + field.name + '_type');
            if (!input || !typeField) continue;
            const part = field.multiline ? multiline(dialog, field, input, typeField)
                : single(dialog, field, input, typeField);
            if (!field.multiline) named(dialog, field, input);
            parts.push({field, input, typeField, ...part});
        }
        return {
            read() {
                const out = {};
                for (const part of parts) {
                    const value = part.value();
                    out[part.field.name] = value;
                    out[part.field.name + '_type'] = value === '' && part.type() !== 'date' ? '' : part.type();
                }
                return out;
            },
            save() {
                const values = this.read();
                for (const {field, input, typeField} of parts) {
                    $(input).val(values[field.name]);
                    typeField.value = values[field.name + '_type'];
                }
            },
        };
    }

    wfcPanel.expressions = {typesOf, literal, prepare};
}());

'use strict';
// Node-RED for start.sh and for the tests: it listens on loopback, calls nobody, and installs nothing by itself.
//
// PORT is the port of the editor. The user directory is named with --userDir.

module.exports = {
    uiHost: '127.0.0.1',
    uiPort: Number(process.env.PORT) || 1880,
    flowFile: 'flows.json',
    flowFilePretty: true,
    editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
    externalModules: { autoInstall: false, palette: { allowInstall: false, allowUpload: false }, modules: { allowInstall: false } },
    telemetry: { enabled: false, updateNotification: false },
    diagnostics: { enabled: false },
    logging: { console: { level: 'info', metrics: false, audit: false } },
    // Which files mails may be made from, and more: see "For the administrator" in the package's README.md.
    mailSend: { roots: (process.env.MAIL_SEND_ROOTS || '').split(':').filter(Boolean) },
};

// The module's one exported symbol.
#include "mail_send.hpp"
#include "wfc/embedded.hpp"

WFC_EMBEDDED(component_json, mailsend_component_json)

WFC_MODULE(component_json, wfc::type<mailsend::MailSend>("mail-send"))

/// The sections of the settings that are worth a file of their own. Internal to this folder.
#pragma once

#include "settings/members.hpp"
#include "settings/settings.hpp"
#include "wfc/json.hpp"

namespace mailsend {

/// The members of `server`, whose object `fields` reads.
ServerSettings server_of(wfc::Fields& fields);

/// `auth`: sets `auth` or `oauth`, or neither for method none.
void read_auth(const nlohmann::json& value, Settings& settings);

/// The members of `auth` with method oauth2. Which grant needs or takes which member is checked here too.
OAuthAuth oauth_of(wfc::Fields& fields);

/// The members of `delivery`.
void read_delivery(wfc::Fields& fields, DeliverySettings& delivery);

/// `message` as it stands, checked; an empty object when there is none.
nlohmann::json message_of(wfc::Fields& root);

/// `templates` as it stands, checked; an empty object when there is none.
nlohmann::json templates_of(wfc::Fields& root);

/// What makes sense of each section alone but not together: throws wfc::Problem(WFC_INVALID_SETTINGS).
void check_together(const Settings& settings);

}  // namespace mailsend

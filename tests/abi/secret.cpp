// With one of the macros: a secret used as text is. The compiler must say no to each.
#include "wfc/secret.hpp"

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

int main() {
    const wfc::SecretString secret("x");
    const wfc::SecretString other("y");
#if defined(STREAMED)
    std::cout << secret;
#elif defined(COMPARED)
    return secret == other;
#elif defined(COMPARED_DIFFERENT)
    return secret != other;
#elif defined(COMPARED_WITH_TEXT)
    return secret == "x";
#elif defined(AS_JSON)
    const nlohmann::json json = secret;
#elif defined(AS_JSON_MEMBER)
    const nlohmann::json json{{"password", secret}};
#elif defined(COPIED)
    const wfc::SecretString copy = secret;
#elif defined(AS_TEXT)
    const std::string text = secret;
#elif defined(FROM_TEXT)
    const wfc::SecretString implicit = "x";
#else
    return secret.reveal() == other.reveal();
#endif
}

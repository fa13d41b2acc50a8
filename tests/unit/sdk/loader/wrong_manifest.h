/* The manifest of every wrong module, as its component.json and as what it carries. */
#define WRONG_MANIFEST                                                                      \
    "{\"format\":1,\"type\":\"wrong\",\"version\":\"1\",\"abi\":{\"major\":1,\"minor\":0}," \
    "\"library\":{\"linux-x86_64\":\"lib.so\",\"linux-aarch64\":\"lib.so\"},"               \
    "\"operations\":[{\"id\":\"op\",\"kind\":\"action\"}]}"

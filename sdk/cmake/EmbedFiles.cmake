# embed_files(TARGET SYMBOL=FILE ...): compiles files, byte for byte, into the read-only data of TARGET.
#
# Each SYMBOL becomes two hidden objects, SYMBOL and SYMBOL_end; `wfc/embedded.hpp` turns them into a string_view.
# The assembler's .incbin costs no compile time however large the data is.
function(embed_files target)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.S)
  set(text "")
  set(files "")
  foreach(pair IN LISTS ARGN)
    string(REGEX MATCH "^([a-z0-9_]+)=(.*)$" _ "${pair}")
    set(symbol ${CMAKE_MATCH_1})
    cmake_path(ABSOLUTE_PATH CMAKE_MATCH_2 OUTPUT_VARIABLE file)
    list(APPEND files ${file})
    string(APPEND text
      "    .section .rodata\n"
      "    .global ${symbol}\n    .hidden ${symbol}\n    .global ${symbol}_end\n    .hidden ${symbol}_end\n"
      "    .balign 16\n"
      "${symbol}:\n    .incbin \"${file}\"\n${symbol}_end:\n    .byte 0\n")
  endforeach()
  string(APPEND text "    .section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT ${source} CONTENT "${text}" @ONLY)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${source})
endfunction()

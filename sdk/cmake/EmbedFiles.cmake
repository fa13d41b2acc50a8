# embed_files(TARGET SYMBOL=FILE ...): compiles files, byte for byte, into the read-only data of TARGET.
#
# Each SYMBOL becomes two hidden objects, SYMBOL and SYMBOL_end; `wfc/embedded.hpp` turns them into a string_view.
# The assembler's .incbin costs no compile time however large the data is. The project needs the language ASM. The files
# are there when CMake runs, or are the OUTPUT of an add_custom_command() that stands before this call, in the same
# CMakeLists.txt: then that command runs first, and again when what it depends on has changed. May be called again for
# the same target, with other symbols.
function(embed_files target)
  set(usage "embed_files(${target} …)")
  if(NOT CMAKE_ASM_COMPILER)
    message(FATAL_ERROR "${usage} needs an assembler: add ASM to the LANGUAGES of project(), or call enable_language(ASM)")
  endif()
  if(NOT ARGN)
    message(FATAL_ERROR "${usage} names no file: write SYMBOL=FILE")
  endif()
  get_property(known TARGET ${target} PROPERTY WFC_EMBEDDED_SYMBOLS)
  set(source "")
  set(text "")
  set(files "")
  foreach(pair IN LISTS ARGN)
    if(NOT pair MATCHES "^([A-Za-z_][A-Za-z0-9_]*)=(.+)$")
      message(FATAL_ERROR "${usage}: \"${pair}\" must be SYMBOL=FILE, with a name of C before the =")
    endif()
    set(symbol ${CMAKE_MATCH_1})
    cmake_path(ABSOLUTE_PATH CMAKE_MATCH_2 OUTPUT_VARIABLE file)
    get_property(generated SOURCE "${file}" PROPERTY GENERATED)
    if(generated)
      target_sources(${target} PRIVATE "${file}")
    elseif(NOT EXISTS "${file}" OR IS_DIRECTORY "${file}")
      message(FATAL_ERROR "${usage}: there is no file ${file}")
    endif()
    if(symbol IN_LIST known)
      message(FATAL_ERROR "${usage}: the symbol ${symbol} is embedded twice")
    endif()
    list(APPEND known ${symbol})
    list(APPEND files "${file}")
    if(NOT source)
      set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}_${symbol}.S)
    endif()
    string(APPEND text
      "    .section .rodata\n"
      "    .global ${symbol}\n    .hidden ${symbol}\n    .global ${symbol}_end\n    .hidden ${symbol}_end\n"
      "    .balign 16\n"
      "${symbol}:\n    .incbin \"${file}\"\n${symbol}_end:\n    .byte 0\n")
  endforeach()
  set_property(TARGET ${target} PROPERTY WFC_EMBEDDED_SYMBOLS ${known})
  string(APPEND text "    .section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT ${source} CONTENT "${text}" @ONLY)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${source})
endfunction()

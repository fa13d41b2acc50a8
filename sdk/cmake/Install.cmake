# What `cmake --install` puts down: a tree that can be moved as it is, and found by find_package(wfc).
#
#   bin/wfc                  the tool; it finds components in ../lib/wfc/components
#   include/wfc/             what a component includes (wfc::include)
#   include/wfc-sdk/         what a host or a test includes (wfc::manifest, wfc::loader, wfc::testhost)
#   lib/                     those three, static; lib/cmake/wfc, with embed_files()
#   lib/wfc/components/      installed components
include(CMakePackageConfigHelpers)

foreach(part include manifest loader testhost)
  set_target_properties(wfc_${part} PROPERTIES EXPORT_NAME ${part})
endforeach()
# Two files, because a component in C shall not need what the C++ parts need.
install(TARGETS wfc_include EXPORT wfc)
install(TARGETS wfc_manifest wfc_loader wfc_testhost EXPORT wfc_cxx
  ARCHIVE DESTINATION lib FILE_SET HEADERS DESTINATION include/wfc-sdk)
install(EXPORT wfc NAMESPACE wfc:: DESTINATION lib/cmake/wfc FILE wfcTargets.cmake)
install(EXPORT wfc_cxx NAMESPACE wfc:: DESTINATION lib/cmake/wfc FILE wfcCxxTargets.cmake)
install(TARGETS wfc RUNTIME DESTINATION bin)
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/wfc DESTINATION include)

# The SDK's version is that of its ABI, whatever the version of the components built beside it.
set(abi ${CMAKE_CURRENT_SOURCE_DIR}/include/wfc/component.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${abi})
file(READ ${abi} abi)
foreach(number MAJOR MINOR)
  if(NOT abi MATCHES "#define WFC_ABI_${number} ([0-9]+)u")
    message(FATAL_ERROR "wfc/component.h does not define WFC_ABI_${number}")
  endif()
  set(abi_${number} ${CMAKE_MATCH_1})
endforeach()

configure_package_config_file(${CMAKE_CURRENT_SOURCE_DIR}/cmake/wfcConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/wfcConfig.cmake INSTALL_DESTINATION lib/cmake/wfc
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/wfcConfigVersion.cmake
  VERSION ${abi_MAJOR}.${abi_MINOR}.0 COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wfcConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/wfcConfigVersion.cmake
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/EmbedFiles.cmake DESTINATION lib/cmake/wfc)

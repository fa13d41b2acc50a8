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
install(TARGETS wfc_include wfc_manifest wfc_loader wfc_testhost EXPORT wfc ARCHIVE DESTINATION lib)
install(EXPORT wfc NAMESPACE wfc:: DESTINATION lib/cmake/wfc FILE wfcTargets.cmake)
install(TARGETS wfc RUNTIME DESTINATION bin)
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/include/wfc DESTINATION include)
foreach(part manifest loader testhost)
  install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/${part} DESTINATION include/wfc-sdk FILES_MATCHING PATTERN "*.hpp")
endforeach()

configure_package_config_file(${CMAKE_CURRENT_SOURCE_DIR}/cmake/wfcConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/wfcConfig.cmake INSTALL_DESTINATION lib/cmake/wfc
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/wfcConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/wfcConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/wfcConfigVersion.cmake
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/EmbedFiles.cmake DESTINATION lib/cmake/wfc)

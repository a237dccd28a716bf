# What `cmake --install` puts where. Two components: `fadeline` (programs, data, and what a desktop, systemd and udev
# read) and `libfadeline-dev` (headers, the archive, and what pkg-config and CMake read). The tree may be installed with
# another --prefix and moved as a whole: programs find their data from where they are themselves.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME fadeline)
set(dev COMPONENT libfadeline-dev)

file(RELATIVE_PATH data_from_program ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_DATADIR}/fadeline)
set_property(SOURCE src/base/place.c APPEND PROPERTY COMPILE_DEFINITIONS
  FL_INSTALLED_DATA="${CMAKE_INSTALL_FULL_DATADIR}/fadeline" FL_DATA_FROM_PROGRAM="${data_from_program}")
if(NOT FL_PACKAGED)
  set_property(SOURCE src/base/place.c APPEND PROPERTY COMPILE_DEFINITIONS FL_SOURCE_DATA="${CMAKE_SOURCE_DIR}")
endif()

# ---- fadeline ----

install(TARGETS fadeline fadeline-control fadeline-twin RUNTIME)
install(DIRECTORY devices profiles DESTINATION ${CMAKE_INSTALL_DATADIR}/fadeline)
install(DIRECTORY ${CMAKE_BINARY_DIR}/guide/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fadeline FILES_MATCHING PATTERN *.pdf)

configure_file(src/package/fadeline-console.service.in package/fadeline-console.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/package/fadeline-console.service DESTINATION lib/systemd/user)
configure_file(src/package/fadeline.desktop.in package/org.fadeline.fadeline.desktop @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/package/org.fadeline.fadeline.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES src/package/fadeline.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps
        RENAME org.fadeline.fadeline.svg)
install(FILES src/package/org.fadeline.fadeline.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES src/package/limits.conf DESTINATION ${CMAKE_INSTALL_SYSCONFDIR}/security/limits.d RENAME fadeline.conf)

# The rules are written by the program that reads the device files, from nothing but the files that are installed.
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/package/70-fadeline.rules
  COMMAND ${CMAKE_COMMAND} -E env FADELINE_DATA=${CMAKE_SOURCE_DIR} FADELINE_HOME=${CMAKE_BINARY_DIR}/package/nobody
          $<TARGET_FILE:fadeline> devices udev > ${CMAKE_BINARY_DIR}/package/70-fadeline.rules
  DEPENDS fadeline VERBATIM)
add_custom_target(fl_udev ALL DEPENDS ${CMAKE_BINARY_DIR}/package/70-fadeline.rules)
install(FILES ${CMAKE_BINARY_DIR}/package/70-fadeline.rules DESTINATION lib/udev/rules.d)

# Manual pages and completion are written by fadeline-manual (target `manual`, in all). Packages compress the pages.
foreach(section 1 5 7 8)
  install(DIRECTORY ${CMAKE_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
          FILES_MATCHING PATTERN *.${section})
endforeach()
install(FILES ${CMAKE_BINARY_DIR}/completion/fadeline.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME fadeline)
install(FILES ${CMAKE_BINARY_DIR}/completion/_fadeline DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${CMAKE_BINARY_DIR}/completion/fadeline.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# What it is made of. Where there is no dpkg there is nothing to ask, and no such page.
find_program(DPKG_QUERY dpkg-query)
if(DPKG_QUERY)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/package/fadeline.spdx.json
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} -DVERSION=${PROJECT_VERSION} -DCOMPILER=${CMAKE_C_COMPILER}
            "-DPROGRAMS=$<TARGET_FILE:fadeline>;$<TARGET_FILE:fadeline-control>;$<TARGET_FILE:fadeline-twin>"
            -DOUT=${CMAKE_BINARY_DIR}/package/fadeline.spdx.json -P ${CMAKE_SOURCE_DIR}/src/package/sbom.cmake
    DEPENDS fadeline fadeline-control fadeline-twin src/package/sbom.cmake src/package/commit.cmake VERBATIM)
  add_custom_target(fl_sbom ALL DEPENDS ${CMAKE_BINARY_DIR}/package/fadeline.spdx.json)
  install(FILES ${CMAKE_BINARY_DIR}/package/fadeline.spdx.json DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fadeline)
endif()

# ---- libfadeline-dev ----

install(TARGETS libfadeline EXPORT fadeline ARCHIVE ${dev})
install(DIRECTORY include/fadeline DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${dev} FILES_MATCHING PATTERN *.h)

set(cmake_folder ${CMAKE_INSTALL_LIBDIR}/cmake/fadeline)
install(EXPORT fadeline NAMESPACE fadeline:: FILE fadelineTargets.cmake DESTINATION ${cmake_folder} ${dev})
configure_file(src/package/fadelineConfig.cmake.in package/fadelineConfig.cmake @ONLY)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/fadelineConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/fadelineConfig.cmake ${CMAKE_BINARY_DIR}/package/fadelineConfigVersion.cmake
        DESTINATION ${cmake_folder} ${dev})

file(RELATIVE_PATH prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" prefix_from_pc ${prefix_from_pc})
list(JOIN FL_PARTS ", " parts_for_pc)
configure_file(src/package/fadeline.pc.in package/fadeline.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/package/fadeline.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${dev})

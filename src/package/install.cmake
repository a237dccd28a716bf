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

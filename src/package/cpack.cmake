# Debian packages: `cmake --preset package && cmake --build --preset package && cpack --config build-package/CPackConfig.cmake`.
# Two, one of each component. Who maintains them is said with -DFL_MAINTAINER; a distributor says their own name.
set(FL_MAINTAINER "Fadeline maintainers <maintainers@fadeline.org>" CACHE STRING "Name <address>, of the packages")
include(src/package/commit.cmake)
fl_commit(${CMAKE_SOURCE_DIR})
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  set(FL_COMMIT_TIME $ENV{SOURCE_DATE_EPOCH})
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fadeline)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "${FL_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${FL_MAINTAINER}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL fadeline libfadeline-dev)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/src/package/finish.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/src/package/rewrap.cmake)
set(CPACK_FL_TIME ${FL_COMMIT_TIME})

set(CPACK_DEBIAN_FADELINE_PACKAGE_NAME fadeline)
set(CPACK_DEBIAN_FADELINE_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FADELINE_PACKAGE_SHLIBDEPS ON)
# Papers are set in DejaVu; everything else works without what is recommended.
set(CPACK_DEBIAN_FADELINE_PACKAGE_DEPENDS fonts-dejavu-core)
set(CPACK_DEBIAN_FADELINE_PACKAGE_RECOMMENDS "xdg-utils, chromium | firefox-esr | www-browser")
set(CPACK_DEBIAN_FADELINE_PACKAGE_SUGGESTS "postgresql, opensc | softhsm2")
set(CPACK_DEBIAN_FADELINE_DESCRIPTION "plan, conduct and document laser fading of micropigmentation
Fadeline plans and conducts the laser correction of regretted scalp
micropigmentation and permanent make-up with picosecond lasers, and keeps a
record that a clinic owner can trust.
.
It plans a session by light-transport physics, with its uncertainty said; it
controls the laser over a serial line or USB behind a complete interlock, one
grant for each pulse, while a foot fires; and it keeps a journal that nobody
can quietly change, reconciled with the laser's own shot counter.
.
It is not a certified medical device. A simulated laser comes with it.")
set(CPACK_COMPONENT_FADELINE_DESCRIPTION "${CPACK_DEBIAN_FADELINE_DESCRIPTION}")
set(CPACK_DEBIAN_FADELINE_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/package/conffiles)
file(WRITE ${CMAKE_BINARY_DIR}/package/conffiles "${CMAKE_INSTALL_FULL_SYSCONFDIR}/security/limits.d/fadeline.conf\n")

# The archive wants what pkg-config names in fadeline.pc; the packages that hold those .pc files, from this system.
set(dev_packages libc6-dev)
foreach(part ${FL_PARTS})
  pkg_get_variable(folder ${part} pcfiledir)
  execute_process(COMMAND dpkg-query -S ${folder}/${part}.pc OUTPUT_VARIABLE owner ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(owner MATCHES "^([a-z0-9.+-]+)(:[a-z0-9]+)?: ")
    list(APPEND dev_packages ${CMAKE_MATCH_1})
  endif()
endforeach()
list(REMOVE_DUPLICATES dev_packages)
list(SORT dev_packages)
list(JOIN dev_packages ", " dev_packages)
string(TOUPPER libfadeline-dev DEV)
set(CPACK_DEBIAN_${DEV}_PACKAGE_NAME libfadeline-dev)
set(CPACK_DEBIAN_${DEV}_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_${DEV}_PACKAGE_DEPENDS "${dev_packages}")
set(CPACK_DEBIAN_${DEV}_PACKAGE_RECOMMENDS "fadeline (= ${PROJECT_VERSION}), pkg-config | cmake")
set(CPACK_COMPONENT_${DEV}_DESCRIPTION "plan laser fading of micropigmentation from your own program
Headers and a static library: plans, skin and light models, device and rule
files, and the journal with its verification, for programs in C.
.
The data files that plans are made from (devices, profiles) are in the package
fadeline. It is not a certified medical device.")

# ---- what every Debian package carries ----

execute_process(COMMAND date -u -R -d @${FL_COMMIT_TIME} OUTPUT_VARIABLE when OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND date -u -d @${FL_COMMIT_TIME} +%Y OUTPUT_VARIABLE FL_YEAR OUTPUT_STRIP_TRAILING_WHITESPACE)
file(WRITE ${CMAKE_BINARY_DIR}/package/changelog "fadeline (${PROJECT_VERSION}) unstable; urgency=medium

  * Built from commit ${FL_COMMIT}; what changed for people is in NEWS.gz.

 -- ${FL_MAINTAINER}  ${when}
")
configure_file(src/package/copyright.in package/copyright @ONLY)
foreach(name changelog NEWS)
  set(from ${CMAKE_BINARY_DIR}/package/changelog)
  if(name STREQUAL NEWS)
    set(from ${CMAKE_SOURCE_DIR}/CHANGELOG.md)
  endif()
  execute_process(COMMAND gzip -9nc ${from} OUTPUT_FILE ${CMAKE_BINARY_DIR}/package/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
endforeach()
foreach(component fadeline libfadeline-dev)
  install(FILES ${CMAKE_BINARY_DIR}/package/copyright ${CMAKE_BINARY_DIR}/package/changelog.gz
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${component} COMPONENT ${component})
endforeach()
install(FILES ${CMAKE_BINARY_DIR}/package/NEWS.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fadeline)

include(CPack)

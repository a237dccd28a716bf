# After packing: dpkg packs it again, as it would a package of Debian's, because CPack writes the hour and the mask of whoever
# packs into the outer archive. Times are those of the commit, owners root, names in order.
foreach(package ${CPACK_PACKAGE_FILES})
  set(opened ${package}.opened)
  file(REMOVE_RECURSE ${opened})
  execute_process(COMMAND dpkg-deb -R ${package} ${opened} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND find ${opened}/DEBIAN -exec touch --date=@${CPACK_FL_TIME} {} + COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod 755 ${opened} ${opened}/DEBIAN COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND touch --date=@${CPACK_FL_TIME} ${opened} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=${CPACK_FL_TIME}
                          dpkg-deb --root-owner-group --threads-max=1 -b ${opened} ${package}
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND chmod 644 ${package})
  file(REMOVE_RECURSE ${opened})
endforeach()

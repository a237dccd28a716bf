# Between staging and packing, for each package: the archive loses its debug symbols, and every file gets the time of the
# commit, because a package is to be the same bytes whenever and wherever it is made.
file(GLOB_RECURSE archives ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/libfadeline.a)
foreach(archive ${archives})
  execute_process(COMMAND strip --strip-debug --enable-deterministic-archives ${archive} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
execute_process(COMMAND find ${CPACK_TEMPORARY_INSTALL_DIRECTORY} -exec touch --no-dereference --date=@${CPACK_FL_TIME} {} +
                COMMAND_ERROR_IS_FATAL ANY)

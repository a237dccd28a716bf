# Between staging and packing, for each package: the archive loses its debug symbols, and every file gets the time of the
# commit, because a package is to be the same bytes whenever and wherever it is made.
file(GLOB_RECURSE archives ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/libfadeline.a)
foreach(archive ${archives})
  execute_process(COMMAND strip --strip-debug --remove-section=.comment --enable-deterministic-archives ${archive} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB programs ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/bin/*)
foreach(program ${programs})
  execute_process(COMMAND strip --remove-section=.comment ${program} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB_RECURSE pages ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/share/man/*.[1-8])
foreach(page ${pages})
  execute_process(COMMAND gzip -9n ${page} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
# What belongs to /etc was staged below the prefix, so that an install with another prefix stays inside it.
file(GLOB staged LIST_DIRECTORIES true ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/etc)
foreach(folder ${staged})
  cmake_path(GET folder PARENT_PATH usr)
  cmake_path(GET usr PARENT_PATH root)
  file(RENAME ${folder} ${root}/etc)
endforeach()
execute_process(COMMAND find ${CPACK_TEMPORARY_INSTALL_DIRECTORY} -mindepth 2 -type d -empty -delete COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND find ${CPACK_TEMPORARY_INSTALL_DIRECTORY} -exec touch --no-dereference --date=@${CPACK_FL_TIME} {} +
                COMMAND_ERROR_IS_FATAL ANY)

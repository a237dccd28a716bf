# Which commit is built: from git, or from commit.txt, which `git archive` fills in (.gitattributes).
#
#   cmake -DSOURCE=DIR -DOUT=HEADER -P commit.cmake      writes the header, only when it would change
#   include(commit.cmake); fl_commit(DIR)                sets FL_COMMIT, FL_COMMIT_CHANGED, FL_COMMIT_TIME
#
# No date and no folder: two builds of one commit are to be the same bytes.
function(fl_commit source)
  set(commit unknown)
  set(changed 0)
  set(time 0)
  file(STRINGS ${source}/src/package/commit.txt line LIMIT_COUNT 1)
  if(line MATCHES "^([0-9a-f]+) ([0-9]+)$")
    set(commit ${CMAKE_MATCH_1})
    set(time ${CMAKE_MATCH_2})
  elseif(EXISTS ${source}/.git)
    execute_process(COMMAND git -C ${source} log -1 "--format=%H %ct" OUTPUT_VARIABLE line ERROR_QUIET
                    OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(line MATCHES "^([0-9a-f]+) ([0-9]+)$")
      set(commit ${CMAKE_MATCH_1})
      set(time ${CMAKE_MATCH_2})
      execute_process(COMMAND git -C ${source} diff --quiet HEAD -- RESULT_VARIABLE changed ERROR_QUIET)
      if(NOT changed EQUAL 0)
        set(changed 1)
      endif()
    endif()
  endif()
  string(SUBSTRING ${commit} 0 12 commit)
  set(FL_COMMIT ${commit} PARENT_SCOPE)
  set(FL_COMMIT_CHANGED ${changed} PARENT_SCOPE)
  set(FL_COMMIT_TIME ${time} PARENT_SCOPE)
endfunction()

if(DEFINED OUT)
  fl_commit(${SOURCE})
  set(text "#define FL_COMMIT \"${FL_COMMIT}\"\n#define FL_COMMIT_CHANGED ${FL_COMMIT_CHANGED}\n")
  if(EXISTS ${OUT})
    file(READ ${OUT} old)
  endif()
  if(NOT "${old}" STREQUAL "${text}")
    file(WRITE ${OUT} "${text}")
  endif()
endif()

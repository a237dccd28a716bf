# A bill of materials, SPDX 2.3 in JSON: our sources with their checksums, and whose libraries the programs are linked with.
#
#   cmake -DSOURCE=DIR -DPROGRAMS="a;b" -DCOMPILER=PATH -DVERSION=0.1.0 -DOUT=FILE -P sbom.cmake
#
# Versions come from dpkg on the machine that builds. A licence is taken from a Debian copyright file only when that file
# can be read by a machine and says one word for `Files: *` that SPDX knows as well; otherwise NOASSERTION, which is the
# honest word for "nobody looked". The date is the commit's: the same build writes the same bytes.
cmake_minimum_required(VERSION 3.23)
include(${SOURCE}/src/package/commit.cmake)
fl_commit(${SOURCE})
execute_process(COMMAND date -u -d @${FL_COMMIT_TIME} +%Y-%m-%dT%H:%M:%SZ OUTPUT_VARIABLE created OUTPUT_STRIP_TRAILING_WHITESPACE)
set(ours SPDXRef-Package-fadeline)

# ---- our sources ----

file(GLOB_RECURSE sources RELATIVE ${SOURCE} ${SOURCE}/src/* ${SOURCE}/include/* ${SOURCE}/devices/* ${SOURCE}/profiles/*)
list(APPEND sources CMakeLists.txt LICENSE)
list(SORT sources)
set(files "")
set(relations "")
set(sums "")
set(number 0)
foreach(name ${sources})
  if(name MATCHES "[\"\\\\]")
    message(FATAL_ERROR "sbom: a file may not be called ${name}")
  endif()
  math(EXPR number "${number} + 1")
  file(SHA1 ${SOURCE}/${name} sha1)
  file(SHA256 ${SOURCE}/${name} sha256)
  list(APPEND sums ${sha1})
  string(APPEND files "    {\"SPDXID\": \"SPDXRef-File-${number}\", \"fileName\": \"./${name}\", \"checksums\": [
      {\"algorithm\": \"SHA1\", \"checksumValue\": \"${sha1}\"},
      {\"algorithm\": \"SHA256\", \"checksumValue\": \"${sha256}\"}],
      \"licenseConcluded\": \"GPL-3.0-or-later\", \"licenseInfoInFiles\": [\"NOASSERTION\"], \"copyrightText\": \"NOASSERTION\"},\n")
  string(APPEND relations "    {\"spdxElementId\": \"${ours}\", \"relationshipType\": \"CONTAINS\", \"relatedSpdxElement\": \"SPDXRef-File-${number}\"},\n")
endforeach()
string(REGEX REPLACE ",\n$" "" files "${files}")
# The verification code of SPDX 2.3, section 7.9: SHA-1 of the files' SHA-1, sorted and put together.
list(SORT sums)
list(JOIN sums "" all_sums)
string(SHA1 verification "${all_sums}")

# ---- whose libraries ----

# The package that a file belongs to; on a merged /usr dpkg may know it by either name.
function(owner_of file out)
  set(${out} "" PARENT_SCOPE)
  get_filename_component(real ${file} REALPATH)
  foreach(name ${real} ${file} /usr${file})
    execute_process(COMMAND dpkg-query -S ${name} OUTPUT_VARIABLE line ERROR_QUIET)
    if(line MATCHES "^([a-z0-9.+-]+)")
      set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Debian's word for a licence as SPDX writes it, or NOASSERTION.
function(licence_of package out)
  set(${out} NOASSERTION PARENT_SCOPE)
  set(path /usr/share/doc/${package}/copyright)
  if(NOT EXISTS ${path})
    return()
  endif()
  file(STRINGS ${path} lines)
  list(GET lines 0 first)
  if(NOT first MATCHES "^Format: *https?://www.debian.org/doc/packaging-manuals/copyright-format/1.0")
    return()
  endif()
  set(all_files FALSE)
  foreach(line IN LISTS lines)
    if(line MATCHES "^Files: *(.*)")
      string(STRIP "${CMAKE_MATCH_1}" which)
      set(all_files FALSE)
      if(which STREQUAL "*")
        set(all_files TRUE)
      endif()
    elseif(all_files AND line MATCHES "^License: *([^ ]+) *$")
      set(word ${CMAKE_MATCH_1})
      if(word MATCHES "^(L?GPL|AGPL)-([0-9])(\\.[0-9])?(\\+?)$")
        set(minor "${CMAKE_MATCH_3}")
        if(NOT minor)
          set(minor .0)
        endif()
        set(which only)
        if(CMAKE_MATCH_4)
          set(which or-later)
        endif()
        set(${out} ${CMAKE_MATCH_1}-${CMAKE_MATCH_2}${minor}-${which} PARENT_SCOPE)
      elseif(word STREQUAL Expat)
        set(${out} MIT PARENT_SCOPE)
      elseif(word MATCHES "^(BSD-[23])-[cC]lause$")
        set(${out} ${CMAKE_MATCH_1}-Clause PARENT_SCOPE)
      elseif(word STREQUAL "Apache-2.0" OR word STREQUAL "PostgreSQL" OR word STREQUAL "Zlib")
        set(${out} ${word} PARENT_SCOPE)
      endif()
      return()
    endif()
  endforeach()
endfunction()

set(owners "")
foreach(program ${PROGRAMS})
  execute_process(COMMAND readelf -d ${program} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ldd ${program} OUTPUT_VARIABLE loaded COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "\\(NEEDED\\)[^\n]*\\[[^]]+\\]" needed "${dynamic}")
  foreach(line IN LISTS needed)
    string(REGEX REPLACE ".*\\[(.+)\\]" "\\1" library "${line}")
    string(REGEX REPLACE "([.+])" "\\\\\\1" pattern "${library}")
    if(NOT loaded MATCHES "${pattern} => ([^ ]+)" AND NOT loaded MATCHES "(/[^ ]*/${pattern}) ")
      message(FATAL_ERROR "sbom: where is ${library} of ${program}?")
    endif()
    owner_of(${CMAKE_MATCH_1} owner)
    if(NOT owner)
      message(FATAL_ERROR "sbom: ${CMAKE_MATCH_1} belongs to no package")
    endif()
    list(APPEND owners ${owner})
  endforeach()
endforeach()
list(REMOVE_DUPLICATES owners)
list(SORT owners)
owner_of(${COMPILER} compiler)
if(compiler AND NOT compiler IN_LIST owners)
  set(tools ${compiler})
endif()

set(packages "")
foreach(package ${owners} ${tools})
  execute_process(COMMAND dpkg-query -W "-f=\${Version} \${Architecture}\n" ${package} OUTPUT_VARIABLE line)
  if(NOT line MATCHES "^([^ \n]+) ([^ \n]+)")
    message(FATAL_ERROR "sbom: which version of ${package}?")
  endif()
  set(version ${CMAKE_MATCH_1})
  set(architecture ${CMAKE_MATCH_2})
  licence_of(${package} licence)
  string(REPLACE "+" "-plus" id ${package})
  string(REPLACE "+" "%2B" purl "${package}@${version}")
  string(REPLACE ":" "%3A" purl "${purl}")
  string(PREPEND purl pkg:deb/debian/)
  string(APPEND purl "?arch=${architecture}")
  string(APPEND packages ",\n    {\"SPDXID\": \"SPDXRef-Package-${id}\", \"name\": \"${package}\", \"versionInfo\": \"${version}\",
      \"supplier\": \"Organization: Debian\", \"downloadLocation\": \"NOASSERTION\", \"filesAnalyzed\": false,
      \"licenseConcluded\": \"NOASSERTION\", \"licenseDeclared\": \"${licence}\", \"copyrightText\": \"NOASSERTION\",
      \"externalRefs\": [{\"referenceCategory\": \"PACKAGE-MANAGER\", \"referenceType\": \"purl\", \"referenceLocator\": \"${purl}\"}]}")
  if(package IN_LIST tools)
    string(APPEND relations "    {\"spdxElementId\": \"SPDXRef-Package-${id}\", \"relationshipType\": \"BUILD_TOOL_OF\", \"relatedSpdxElement\": \"${ours}\"},\n")
  else()
    string(APPEND relations "    {\"spdxElementId\": \"${ours}\", \"relationshipType\": \"DYNAMIC_LINK\", \"relatedSpdxElement\": \"SPDXRef-Package-${id}\"},\n")
  endif()
endforeach()

file(WRITE ${OUT} "{
  \"spdxVersion\": \"SPDX-2.3\",
  \"dataLicense\": \"CC0-1.0\",
  \"SPDXID\": \"SPDXRef-DOCUMENT\",
  \"name\": \"fadeline-${VERSION}\",
  \"documentNamespace\": \"https://spdx.org/spdxdocs/fadeline-${VERSION}-${FL_COMMIT}-${verification}\",
  \"creationInfo\": {\"created\": \"${created}\", \"creators\": [\"Tool: fadeline-sbom-${VERSION}\"]},
  \"packages\": [
    {\"SPDXID\": \"${ours}\", \"name\": \"fadeline\", \"versionInfo\": \"${VERSION}\", \"primaryPackagePurpose\": \"APPLICATION\",
      \"sourceInfo\": \"commit ${FL_COMMIT}\", \"downloadLocation\": \"NOASSERTION\", \"filesAnalyzed\": true,
      \"packageVerificationCode\": {\"packageVerificationCodeValue\": \"${verification}\"},
      \"licenseConcluded\": \"GPL-3.0-or-later\", \"licenseDeclared\": \"GPL-3.0-or-later\",
      \"licenseInfoFromFiles\": [\"NOASSERTION\"], \"copyrightText\": \"NOASSERTION\"}${packages}
  ],
  \"files\": [
${files}
  ],
  \"relationships\": [
${relations}    {\"spdxElementId\": \"SPDXRef-DOCUMENT\", \"relationshipType\": \"DESCRIBES\", \"relatedSpdxElement\": \"${ours}\"}
  ]
}
")

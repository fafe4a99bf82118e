# cmake -DROOT=<source dir> -P check_layers.cmake : fails when a file includes what its layer may not.
set(qt "<[Qq]")
set(torch "<(torch|ATen|c10)/")
set(gui "\"(ui|app)/")
set(rules # layer, a regular expression of forbidden includes
    "core/base"   "<opencv|${qt}|${torch}|${gui}|\"core/(clip|train|search|image|db|library|jobs|models)/"
    "core/search" "<opencv|${qt}|${torch}|${gui}|\"core/(clip|train|image|db|library|jobs|models)/"
    "core/db"     "<opencv|${qt}|${torch}|${gui}|\"core/(clip|train|search|image|jobs|library|models)/"
    "core/library" "<opencv|${qt}|${torch}|${gui}|\"core/(clip|train|search|image|jobs|models)/"
    "core/clip"   "${qt}|<opencv|${gui}|\"core/(train|search|image|db|library|jobs|models)/"
    "core/train"  "${qt}|<opencv|${gui}|\"core/(search|image|db|library|jobs|models)/"
    "core/image"  "${torch}|${gui}|\"core/(clip|train|search|db|library|jobs|models)/"
    "core/jobs"   "<opencv|${torch}|${gui}|<sqlite|\"core/(clip|train|models)/"
    "core/models" "<opencv|${torch}|${gui}|<sqlite|\"core/(clip|train|search|image|db|library|jobs)/"
    "ui"          "<opencv|${torch}|<sqlite|\"(core/(clip|train|search|library/library_(follower|index_maker)|db/(catalogue|sqlite))|app)/")

set(bad 0)
while(rules)
    list(POP_FRONT rules layer forbidden)
    file(GLOB_RECURSE files "${ROOT}/${layer}/*.h" "${ROOT}/${layer}/*.cpp")
    if(NOT files)
        message(FATAL_ERROR "${layer} has no files: the rules are out of date")
    endif()
    foreach(file IN LISTS files)
        file(STRINGS "${file}" hits REGEX "^ *# *include *(${forbidden})")
        foreach(hit IN LISTS hits)
            message("${file}: ${hit}")
            math(EXPR bad "${bad} + 1")
        endforeach()
    endforeach()
endwhile()
if(bad)
    message(FATAL_ERROR "${bad} include(s) break the layering")
endif()

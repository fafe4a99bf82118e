# cmake -DROOT=<source dir> -P check_layers.cmake : fails when a file includes what its layer may not.
set(qt "<[Qq]")
set(torch "<(torch|ATen|c10)/")
set(gui "\"(ui|app)/")
# What no layer may include but those above it.
set(upper "core/(media|ingest|query|services|models)/")
set(rules # layer, a regular expression of forbidden includes
    "core/base"     "<(opencv|exiv2)|${qt}|${torch}|${gui}|\"${upper}|\"core/(clip|train|vectors|image|db|library)/"
    "core/vectors"  "<(opencv|exiv2)|${qt}|${torch}|${gui}|\"${upper}|\"core/(clip|train|image|db|library)/"
    "core/db"       "<(opencv|exiv2)|${qt}|${torch}|${gui}|\"${upper}|\"core/(clip|train|vectors|image|library)/"
    "core/library"  "<(opencv|exiv2)|${qt}|${torch}|${gui}|\"${upper}|\"core/(clip|train|vectors|image)/"
    "core/clip"     "<(opencv|exiv2)|${qt}|${gui}|\"${upper}|\"core/(train|vectors|image|db|library)/"
    "core/train"    "<(opencv|exiv2)|${qt}|${gui}|\"${upper}|\"core/(vectors|image|db|library)/"
    "core/image"    "${torch}|${gui}|\"${upper}|\"core/(clip|train|vectors|db|library)/"
    "core/media"    "<(opencv|exiv2)|${qt}|${torch}|${gui}|<sqlite|\"core/(clip|train|vectors|library|ingest|query|services|models)/"
    "core/ingest"   "<(opencv|exiv2)|${qt}|${torch}|${gui}|<sqlite|\"core/(clip|train|query|services|models)/"
    "core/query"    "<(opencv|exiv2)|${torch}|${gui}|<sqlite|\"core/(clip|train|image|media|ingest|services|models)/"
    "core/services" "<(opencv|exiv2)|${torch}|${gui}|<sqlite|\"core/(clip|train|models)/"
    "core/models"   "<(opencv|exiv2)|${torch}|${gui}|<sqlite|\"core/(clip|train|vectors|image|media|db|library|ingest|query|services)/"
    "ui"            "<(opencv|exiv2)|${torch}|<sqlite|\"(core/(clip|train|vectors/(dot|embedding|model|row)|library/library_(follower|index_maker)|db/(catalogue|sqlite))|app)/")

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

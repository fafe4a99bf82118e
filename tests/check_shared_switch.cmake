# cmake -DROOT=… -DPROGRAMS=… -P check_shared_switch.cmake : fails when a test passes in silence though its
# shared data is missing. PROGRAMS: tests that were built to look for it where there is none.
foreach(program IN LISTS PROGRAMS)
    foreach(required 0 1)
        execute_process(COMMAND ${CMAKE_COMMAND} -E env YINGXUN_REQUIRE_SHARED=${required} ${program}
            RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
        if(required AND (NOT status EQUAL 1 OR NOT output MATCHES "FAILED: without shared data"))
            message(FATAL_ERROR "${program} ended with ${status} where its data is required:\n${output}")
        elseif(NOT required AND (NOT status EQUAL 77 OR NOT output MATCHES "SKIPPED: without shared data"))
            message(FATAL_ERROR "${program} ended with ${status} where it is to be skipped:\n${output}")
        endif()
    endforeach()
endforeach()

file(GLOB sources "${ROOT}/tests/*.cpp")
foreach(source IN LISTS sources)
    file(READ ${source} text)
    if(text MATCHES "YINGXUN_SHARED_DIR" AND NOT text MATCHES "withoutShared|SKIP_WITHOUT_SHARED")
        message(FATAL_ERROR "${source} needs shared data and does not say so when it is missing")
    endif()
endforeach()

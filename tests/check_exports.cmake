# cmake -DPROGRAMS=… -DNM=… -DREADELF=… -P check_exports.cmake : fails when a program exports a Qt symbol, to which the
# Qt 5 that Debian's libtorch brings into the process would bind before main(); and when it looks into libtorch before
# libstdc++, for the published builds of libtorch 2 export a std::filesystem in which it would crash.
foreach(program IN LISTS PROGRAMS)
    execute_process(COMMAND ${NM} -D --defined-only ${program} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "[^\n]* [TWV] _ZNK?[0-9]*Q[A-Z][^\n]*" exported "${symbols}")
    if(exported)
        message(FATAL_ERROR "${program} exports Qt symbols: ${exported}")
    endif()
    execute_process(COMMAND ${READELF} -d ${program} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "NEEDED[^\n]*" needed "${dynamic}")
    string(FIND "${needed}" "libstdc++" standard)
    string(FIND "${needed}" "libtorch" torch)
    if(standard EQUAL -1 OR (torch GREATER -1 AND torch LESS standard))
        message(FATAL_ERROR "${program} finds libtorch before libstdc++: ${needed}")
    endif()
endforeach()

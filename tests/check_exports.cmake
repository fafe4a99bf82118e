# cmake -DPROGRAMS=… -DNM=… -P check_exports.cmake : fails when a program exports a Qt symbol, to which the
# Qt 5 that Debian's libtorch brings into the process would bind before main().
foreach(program IN LISTS PROGRAMS)
    execute_process(COMMAND ${NM} -D --defined-only ${program} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "[^\n]* [TWV] _ZNK?[0-9]*Q[A-Z][^\n]*" exported "${symbols}")
    if(exported)
        message(FATAL_ERROR "${program} exports Qt symbols: ${exported}")
    endif()
endforeach()

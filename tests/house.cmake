add_test(NAME layers COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -P ${CMAKE_CURRENT_SOURCE_DIR}/check_layers.cmake)
add_test(NAME exported_symbols COMMAND ${CMAKE_COMMAND} -DPROGRAMS=$<TARGET_FILE:yingxun>$<SEMICOLON>$<TARGET_FILE:yingxun-cli>
    -DNM=${CMAKE_NM} -P ${CMAKE_CURRENT_SOURCE_DIR}/check_exports.cmake)
add_test(NAME translations COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -P ${CMAKE_CURRENT_SOURCE_DIR}/check_translations.cmake)

add_test(NAME layers COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -P ${CMAKE_CURRENT_SOURCE_DIR}/check_layers.cmake)
add_test(NAME exported_symbols COMMAND ${CMAKE_COMMAND} -DPROGRAMS=$<TARGET_FILE:yingxun>$<SEMICOLON>$<TARGET_FILE:yingxun-cli>$<SEMICOLON>$<TARGET_FILE:clip_alone>
    -DNM=${CMAKE_NM} -DREADELF=${CMAKE_READELF} -P ${CMAKE_CURRENT_SOURCE_DIR}/check_exports.cmake)
add_test(NAME translations COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -P ${CMAKE_CURRENT_SOURCE_DIR}/check_translations.cmake)

# Two of the tests that need shared data, where there is none.
add_executable(tokenizer_check_alone tokenizer_check.cpp)
target_link_libraries(tokenizer_check_alone PRIVATE yingxun_clip_data)
target_include_directories(tokenizer_check_alone PRIVATE support)
set_target_properties(tokenizer_check_alone PROPERTIES AUTOMOC OFF)
add_executable(tst_image_reference_alone tst_image_reference.cpp)
target_link_libraries(tst_image_reference_alone PRIVATE yingxun_image yingxun_qt_options Qt6::Gui Qt6::Test)
foreach(name tokenizer_check_alone tst_image_reference_alone)
    target_compile_definitions(${name} PRIVATE
        YINGXUN_SHARED_DIR="${CMAKE_CURRENT_BINARY_DIR}/nothing" YINGXUN_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data")
endforeach()
add_test(NAME missing_shared_data COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR}
    -DPROGRAMS=$<TARGET_FILE:tokenizer_check_alone>$<SEMICOLON>$<TARGET_FILE:tst_image_reference_alone>
    -P ${CMAKE_CURRENT_SOURCE_DIR}/check_shared_switch.cmake)

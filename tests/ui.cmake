foreach(name tst_photo_list_model tst_main_window tst_restore_question)
    yingxun_test(${name} yingxun_ui Qt6::Test)
    target_include_directories(${name} PRIVATE support)
endforeach()

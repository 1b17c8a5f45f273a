"""The panel follows Blender's language unless the preferences say otherwise; the last answer is remembered."""

import bpy
import kit


def scenario():
    language = kit.part("language")
    view = bpy.context.preferences.view
    assert language.current() == "en"
    if "zh_HANS" in bpy.app.translations.locales:  # builds without translations have none
        view.language = "zh_HANS"
        view.use_translate_interface = True
        assert language.say("scene_action_generate") == "生成"
        view.use_translate_interface = False
        assert language.current() == "en", "Blender itself is shown in English"
    preferences = bpy.context.preferences.addons[kit.MODULE].preferences
    preferences.language = "zh"
    assert language.say("scene_heading_scene") == "场景"
    fields = bpy.context.scene.asset_routing
    items = kit.part("properties")._origins(fields, bpy.context)
    assert [item[0] for item in items] == ["mine", "production", "licensed", "client", "found"]
    assert items[0][1] == "我自己创作"

    from arp_core.identify.rights import remember_origin

    remember_origin(kit.session().home.create(), "client")
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    assert bpy.context.scene.asset_routing.origin == "client"

    preferences.bridge_token = "a secret"
    assert kit.session().choice.token == "a secret"
    preferences.bridge_url = "http://127.0.0.1:9"
    bpy.ops.wm.save_userpref()
    (written,) = kit.WORK.glob("user-*/**/userpref.blend")
    assert b"http://127.0.0.1:9" in written.read_bytes()
    assert b"a secret" not in written.read_bytes(), "a secret is kept in memory only"

    wrapped = kit.part("panel_text").wrapped
    assert wrapped("one two three", width=8) == ["one two", "three"]
    assert wrapped("封存之后内容已变更，请检查。", width=18) == ["封存之后内容已变更，", "请检查。"]
    assert wrapped("", width=8) == [""]

    from arp_core import messages
    from arp_core.scene.states import LOOKS

    icons = kit.part("icons")
    for state in LOOKS:
        assert messages.text(f"scene_state_{state}") != f"scene_state_{state}"
        for theme in ("dark", "light"):
            assert icons.of_name(f"{state}_{theme}") > 0 or bpy.app.background, state
            (width, height), pixels = icons.pixels(f"{state}_{theme}")
            assert width == height
            assert len(pixels) == width * height * 4
            assert max(pixels) > 0.2, state


kit.run(scenario)

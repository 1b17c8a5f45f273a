"""Sentences of the scene area: badges, panel and report. ``key -> (English, 中文)``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # The badge: one word per state
    "scene_state_verified": ("Verified", "核验通过"),
    "scene_state_edited": ("Edited", "已编辑·待登记"),
    "scene_word_edited_from": ("Edited from {version}", "已编辑·待登记（自 {version}）"),
    "scene_state_modified": ("Modified", "内容已变更"),
    "scene_state_reexported": ("Re-exported", "重新导出"),
    "scene_state_untrusted": ("Untrusted issuer", "签发方不受信任"),
    "scene_state_revoked": ("Revoked", "已撤销"),
    "scene_state_suspended": ("Suspended", "已暂停"),
    "scene_state_expired": ("Expired", "已过期"),
    "scene_state_unknown": ("Status unknown", "状态未知"),
    "scene_state_unsigned": ("Unsigned", "未登记"),
    "scene_state_pending": ("Checking", "核验中"),
    "scene_state_not_compared": ("File verified, scene not compared", "文件核验通过，场景未比对"),
    # The first sentence under a badge
    "scene_sentence_verified": (
        "The file and the mesh in this scene are what was sealed.",
        "文件与场景中的网格都与封存时一致。",
    ),
    "scene_sentence_edited": (
        "You changed this after {version} was sealed. {version} stays valid.",
        "在 {version} 封存之后有改动，{version} 仍然有效。",
    ),
    "scene_sentence_modified": (
        "This changed after it was sealed. Fetch the original again, or register what you have as new.",
        "封存之后内容已变更。可重新获取原始文件，或把现有内容作为新资产登记。",
    ),
    "scene_sentence_reexported": (
        "The same shape, stored differently. Nothing needs doing.",
        "形状相同，只是存储方式不同，无需处理。",
    ),
    "scene_sentence_untrusted": (
        "Intact, but sealed by someone this station does not know. Ask who sent it, then accept the issuer.",
        "内容完整，但本工作站不认识签发方。请向来源方确认后再接受该签发方。",
    ),
    "scene_sentence_revoked": (
        "The issuer withdrew this credential. Ask the sender for the current version.",
        "签发方已撤销此凭证。请向来源方索取当前版本。",
    ),
    "scene_sentence_suspended": (
        "The issuer has put this credential on hold. You can go on working; do not deliver it yet.",
        "签发方已暂停此凭证。可以继续工作，但暂勿交付。",
    ),
    "scene_sentence_expired": (
        "The credential's time is over. Ask the sender for a fresh one.",
        "凭证已过期。请向来源方索取新的凭证。",
    ),
    "scene_sentence_unknown": (
        "This could not be checked just now. You can go on working and check again later.",
        "目前无法核验。可以继续工作，稍后再次检查。",
    ),
    "scene_sentence_unsigned": (
        "This object has no credential yet. Register it when it is ready to be used.",
        "此物体还没有凭证。准备好后即可登记。",
    ),
    "scene_sentence_pending": ("Looking at the file and the mesh…", "正在核对文件与网格……"),
    "scene_sentence_not_compared": (
        "The file is as it was sealed; the mesh in the scene could not be read to compare it.",
        "文件与封存时一致；场景中的网格无法读取，未作比对。",
    ),
    # Reasons
    "scene_difference_same": ("{name}: the geometry is the same.", "{name}：几何相同。"),
    "scene_difference_reordered": ("{name}: the same geometry in another order.", "{name}：几何相同，仅顺序不同。"),
    "scene_difference_rounded": (
        "{name}: coordinates were rounded by at most {deviation}.",
        "{name}：坐标被取整，最大偏差 {deviation}。",
    ),
    "scene_difference_retriangulated": (
        "{name}: the same surface, cut into other polygons.",
        "{name}：同一表面，多边形划分不同。",
    ),
    "scene_difference_moved_one": (
        "{name}: one vertex moved, by {deviation}.",
        "{name}：移动了 1 个顶点，位移 {deviation}。",
    ),
    "scene_difference_moved_one_somewhere": ("{name}: one vertex moved.", "{name}：移动了 1 个顶点。"),
    "scene_difference_moved_somewhere": ("{name}: {moved} vertices moved.", "{name}：移动了 {moved} 个顶点。"),
    "scene_difference_moved": (
        "{name}: {moved} vertices moved, by at most {deviation}.",
        "{name}：移动了 {moved} 个顶点，最大位移 {deviation}。",
    ),
    "scene_difference_reshaped": (
        "{name}: {added} vertices added, {removed} removed, {moved} moved.",
        "{name}：新增 {added} 个顶点，删除 {removed} 个，移动 {moved} 个。",
    ),
    "scene_changed": ("{name}: the geometry differs from what was sealed.", "{name}：几何与封存时不同。"),
    "scene_modifiers": (
        "{name}: live modifiers change the shape ({modifiers}). Apply them to register the result.",
        "{name}：启用的修改器改变了形状（{modifiers}）。应用后即可登记。",
    ),
    "scene_scaled_unevenly": (
        "{name}: the object is scaled unevenly or mirrored.",
        "{name}：物体缩放不均匀或被镜像。",
    ),
    "scene_scaled": ("{name}: placed at {percent} % of its real size.", "{name}：以真实尺寸的 {percent} % 放置。"),
    "scene_parts_missing": ("Parts of the asset are not in the scene: {parts}.", "资产的部分内容不在场景中：{parts}。"),
    "scene_not_readable": ("{name} has no readable mesh in this scene.", "{name} 在此场景中没有可读取的网格。"),
    "scene_mesh_not_listed": (
        "{name}: the credential does not list this mesh.",
        "{name}：凭证中没有列出此网格。",
    ),
    "scene_other_credential": (
        "{file} now belongs to another credential than the one this object came with. Check it in again.",
        "{file} 现在对应另一份凭证，与此物体带来的不同。请重新引入。",
    ),
    "scene_sidecar_gone": (
        "The credential of {file} is missing beside it; the one that is kept was read instead. Put it back.",
        "{file} 旁边的凭证已缺失，改用留存的凭证核验。可以放回原处。",
    ),
    "scene_sentence_file_gone": (
        "The sealed file is not at its place, so this cannot read as verified. You can go on working.",
        "封存的文件不在原处，因此不能显示为核验通过。可以继续工作。",
    ),
    "scene_file_gone": (
        "{file} is gone from {folder}, and neither its credential nor a copy is kept here. Ask whoever sent it.",
        "{file} 已不在 {folder}，这里也没有留存其凭证或副本。请向来源方索取。",
    ),
    "scene_copy_kept": (
        "{file} is gone from {folder}. A sealed copy is kept and intact: put it back.",
        "{file} 已不在 {folder}。留存的封存副本完好，可以放回。",
    ),
    "scene_copy_gone": (
        "{file} is gone from {folder}, and no copy of it is kept. Its credential is known. Ask whoever sent it.",
        "{file} 已不在 {folder}，也没有留存副本，只有凭证可查。请向来源方索取。",
    ),
    "scene_mesh_as_sealed": (
        "The mesh in this scene is what was sealed.",
        "场景中的网格与封存时一致。",
    ),
    # Errors
    "scene_unexpected": (
        "Something unexpected happened in the background ({reason}). Your scene is untouched; please report this.",
        "后台发生了意外情况（{reason}）。场景未受影响，请反馈此问题。",
    ),
    "scene_unsaved": (
        "Save the scene first: registered files and their credentials are written next to it.",
        "请先保存场景：登记的文件及其凭证会写在场景文件旁边。",
    ),
    "scene_nothing_selected": (
        "Select one or more mesh objects, then register them.",
        "请先选中一个或多个网格物体，再进行登记。",
    ),
    "scene_already_registered": (
        "“{name}” already has a credential. Edit it and register the next version instead.",
        "“{name}”已有凭证。请在编辑后登记新版本。",
    ),
    "scene_not_edited": (
        "There is nothing new to register in “{name}”: check the scene first.",
        "“{name}”没有可登记的改动。请先检查场景。",
    ),
    "scene_job_running": (
        "“{name}” is still being made. Wait for it, or cancel it first.",
        "“{name}”仍在生成中。请等待完成，或先取消。",
    ),
    "scene_job_failed": (
        "The bridge could not finish this ({reason}). Try another picture, or look into the bridge's log.",
        "桥接服务未能完成（{reason}）。请换一张图片，或查看桥接服务的日志。",
    ),
    "scene_offline": (
        "{url} is on another computer, and online access is switched off in this application's preferences.",
        "{url} 位于另一台计算机，而本软件的首选项已关闭联网访问。",
    ),
    "scene_bridge_absent": (
        "No bridge is running. Press “Start a bridge on this computer”.",
        "没有正在运行的桥接服务。请点击“在本机启动桥接服务”。",
    ),
    "scene_arpctl_absent": (
        "The program {path} was not found. Name its full path in the add-on's preferences.",
        "找不到程序 {path}。请在插件首选项中填写其完整路径。",
    ),
    "scene_bridge_did_not_start": (
        "The bridge did not start ({reason}). Its log is {log}.",
        "桥接服务未能启动（{reason}）。日志位于 {log}。",
    ),
    "scene_result_not_verified": (
        "What arrived does not verify ({reason}), so nothing was placed in the scene. It is kept in {folder}.",
        "收到的内容未通过核验（{reason}），因此没有放入场景。文件保留在 {folder}。",
    ),
    "scene_changed_while_copying": (
        "{file} changed while it was being read. Try again.",
        "{file} 在读取过程中发生了变化。请重试。",
    ),
    "scene_mesh_not_recognised": (
        "The mesh of “{name}” could not be matched with {file}, so it was not stamped. Import the file again.",
        "“{name}”的网格无法与 {file} 对应，因此没有写入标记。请重新导入该文件。",
    ),
    "scene_usd_missing": (
        "This build of the application cannot write USD, which registering needs. Use the official build.",
        "此版本的软件无法写出 USD，而登记需要它。请使用官方版本。",
    ),
    "scene_usd_failed": (
        "The selected objects could not be written as USD ({reason}).",
        "所选物体无法写出为 USD（{reason}）。",
    ),
    "scene_import_failed": (
        "{name} could not be imported ({reason}). The sealed files are intact.",
        "{name} 无法导入（{reason}）。封存的文件完好无损。",
    ),
    "scene_image_missing": ("Choose a picture first.", "请先选择一张图片。"),
    # The panel
    "scene_tab": ("Asset Routing", "资产流转"),
    "scene_heading_make": ("Make", "生成"),
    "scene_heading_jobs": ("Jobs", "作业"),
    "scene_heading_scene": ("Scene", "场景"),
    "scene_heading_details": ("Details", "详情"),
    "scene_heading_steps": ("Verification steps", "核验步骤"),
    "scene_field_image": ("Picture", "图片"),
    "scene_field_name": ("Name", "名称"),
    "scene_field_height": ("Real Height", "真实高度"),
    "scene_field_seed": ("Seed", "种子"),
    "scene_field_origin": ("Where is this picture from?", "这张图片来自哪里？"),
    "scene_field_work_origin": ("Where is this work from?", "这件作品来自哪里？"),
    "scene_origin_mine": ("My own work", "我自己创作"),
    "scene_origin_production": ("The production's own", "剧组自有"),
    "scene_origin_licensed": ("Licensed", "已获授权"),
    "scene_origin_client": ("From the client", "客户提供"),
    "scene_origin_found": ("Found somewhere", "网上或他处找到"),
    "scene_origin_hint_found": ("May be tried, never published.", "可以试用，不能发布。"),
    "scene_action_generate": ("Generate", "生成"),
    "scene_action_cancel": ("Cancel", "取消"),
    "scene_action_start_bridge": ("Start a bridge on this computer", "在本机启动桥接服务"),
    "scene_action_register": ("Register", "登记"),
    "scene_action_register_selected": ("Register Selected", "登记所选"),
    "scene_action_register_version": ("Register as {version}", "登记为 {version}"),
    "scene_action_put_back": ("Put It Back", "放回原处"),
    "scene_action_check": ("Check Scene", "检查场景"),
    "scene_action_report": ("Report", "报告"),
    "scene_action_select": ("Select and show details", "选中并查看详情"),
    "scene_bridge_starting": ("Starting the bridge…", "正在启动桥接服务……"),
    "scene_bridge_needed": ("Pictures are made into assets by a bridge.", "图片由桥接服务转成资产。"),
    "scene_bridge_running": ("Bridge running", "桥接服务运行中"),
    "scene_empty": (
        "Assets you make or register appear here. To register your own work, select it and press the button below.",
        "生成或登记的资产会显示在这里。要登记自己的作品，请选中后点击下方按钮。",
    ),
    "scene_details_empty": (
        "Pick an asset in the list to see where it comes from and why it reads as it does.",
        "在列表中选择一个资产，即可查看其来源与状态的原因。",
    ),
    "scene_registering": ("Registering…", "正在登记……"),
    "scene_checking": ("Checking the scene…", "正在检查场景……"),
    "scene_label_file": ("File", "文件"),
    "scene_label_asset": ("Asset", "资产"),
    "scene_label_version": ("Version", "版本"),
    "scene_label_credential": ("Credential", "凭证"),
    "scene_label_issuer": ("Sealed by", "签发方"),
    "scene_label_made_from": ("Made from", "来自版本"),
    "scene_label_when": ("Sealed on", "封存时间"),
    "scene_value_this_station": ("This station", "本工作站"),
    "scene_label_rights": ("Rights", "授权"),
    "scene_label_ai": ("Label", "标识"),
    "scene_value_ai_made": ("AI-generated content", "人工智能生成内容"),
    "scene_value_no_label": ("No AI label", "无生成标识"),
    # Progress in words
    "scene_job_sending": ("Sending the picture", "正在发送图片"),
    "scene_job_queued": ("Waiting for its turn", "排队中"),
    "scene_job_stage": ("{stage}, {index} of {count}", "{stage}（{index}/{count}）"),
    "scene_job_fetching": ("Fetching the sealed files", "正在取回封存的文件"),
    "scene_job_placing": ("Placing it in the scene", "正在放入场景"),
    "scene_job_succeeded": ("Ready", "已完成"),
    "scene_job_failed_short": ("Not finished", "未完成"),
    "scene_job_cancelled": ("Cancelled", "已取消"),
    "scene_job_left": ("about {seconds} s left", "约剩 {seconds} 秒"),
    "scene_stage_intake": ("Reading the picture", "读取图片"),
    "scene_stage_mask": ("Cutting out the object", "抠出主体"),
    "scene_stage_inflate": ("Shaping the volume", "塑造体积"),
    "scene_stage_decimate": ("Reducing the polygons", "精简面数"),
    "scene_stage_unwrap": ("Laying out the UVs", "展开 UV"),
    "scene_stage_project": ("Painting the texture", "投射贴图"),
    "scene_stage_scale": ("Setting the real size", "校准真实尺寸"),
    "scene_stage_export": ("Writing GLB and USD", "写出 GLB 与 USD"),
    "scene_stage_quality": ("Checking the quality", "质量检查"),
    "scene_stage_thumbnail": ("Rendering the preview", "渲染预览图"),
    "scene_stage_seal": ("Sealing", "封存"),
    # The report
    "scene_report_title": ("Assets in {scene}", "{scene} 中的资产"),
    "scene_report_made": ("Checked {date}, in {host}.", "检查时间 {date}，软件 {host}。"),
    "scene_report_none": ("No governed assets are in this scene.", "此场景中没有受管资产。"),
    "scene_report_column_state": ("State", "状态"),
    "scene_report_column_name": ("Name", "名称"),
    "scene_report_column_why": ("Why", "原因"),
    "scene_report_column_facts": ("Details", "详情"),
    "scene_report_unsaved": ("an unsaved scene", "未保存的场景"),
    # Preferences
    "scene_pref_language": ("Language", "语言"),
    "scene_pref_language_host": ("As the application", "跟随软件"),
    "scene_pref_arpctl": ("Path of arpctl", "arpctl 路径"),
    "scene_pref_url": ("Bridge address", "桥接服务地址"),
    "scene_pref_token": ("Bridge token", "桥接服务令牌"),
    "scene_pref_overlay": ("Badges in the viewport", "在视口中显示徽章"),
}

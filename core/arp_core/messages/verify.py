"""Sentences of identity, credentials and verification: ``key -> (English, 中文)``.

Codes of failures take ``{file}`` (the file at fault) and ``{detail}``.
"""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # The words for a status and for a rights verdict.
    "status_verified": ("Verified", "核验通过"),
    "status_edited": ("Edited, not registered", "已编辑·待登记"),
    "status_modified": ("Modified", "内容已变更"),
    "status_reexported": ("Re-exported", "重新导出"),
    "status_untrusted": ("Untrusted issuer", "签发方不受信任"),
    "status_revoked": ("Revoked", "已撤销"),
    "status_suspended": ("Suspended", "已暂停"),
    "status_expired": ("Expired credential", "凭证已过期"),
    "status_unknown": ("Status unknown", "状态未知"),
    "status_unsigned": ("Unsigned", "未登记"),
    "status_pending": ("Checking", "核验中"),
    "status_not_compared": ("File verified, scene not compared", "文件核验通过，场景未比对"),
    "rights_verdict_in_order": ("Rights in order", "授权正常"),
    "rights_verdict_ending_soon": ("Rights end soon", "授权即将到期"),
    "rights_verdict_ended": ("Rights ended", "授权已到期"),
    "rights_verdict_not_for_this_use": ("Not for this use", "超出使用边界"),
    "rights_verdict_embargoed": ("Embargoed", "尚未解禁"),
    "rights_verdict_undeclared": ("Rights undeclared", "授权未声明"),
    # Reasons of a rights verdict.
    "rights_in_order": ("The signed usage boundary allows this use.", "已签名的使用边界允许此用途。"),
    "rights_ending_soon": (
        "The licence ends within 30 days. Ask for an extension if you still need it.",
        "授权将在 30 天内到期。如仍需使用，请申请延期。",
    ),
    "rights_ended": ("The licence has ended. Ask the holder before you use it.", "授权已到期。使用前请联系权利方。"),
    "rights_embargoed": ("The release date has not come yet.", "尚未到解禁日期。"),
    "rights_other_project": ("It is licensed for another project.", "授权仅限其他项目使用。"),
    "rights_other_purpose": ("It is not licensed for this purpose.", "授权不包含此用途。"),
    "rights_other_spatial": ("It is not licensed for this territory.", "授权地域不包含此地区。"),
    "rights_found_trial_only": (
        "Where it is from is not known: it may be tried, never published.",
        "来源不明：可以试用，不得发布。",
    ),
    "rights_no_reference": (
        "No licence or agreement is named. Add its reference to the rights profile and register again.",
        "没有写明许可或协议。请在授权配置中补充后重新登记。",
    ),
    "rights_not_readable": ("The usage boundary cannot be relied on.", "使用边界不可采信。"),
    # Steps.
    "step_wellformed": ("credential well formed", "凭证格式完整"),
    "step_proof": ("signature holds", "签名有效"),
    "step_issuer": ("signed by its issuer", "由签发方本人签名"),
    "step_trust": ("issuer trusted", "签发方受信任"),
    "step_status": ("not revoked or suspended", "未撤销、未暂停"),
    "step_validity": ("within its validity", "在有效期内"),
    "step_files": ("files as sealed", "文件与封存时一致"),
    "step_records": ("records as sealed", "记录与封存时一致"),
    "step_geometry": ("geometry as sealed", "几何与封存时一致"),
    "step_label": ("AI label present", "AI 标识齐全"),
    "step_log_proof": ("log proof present", "存证证明齐全"),
    "step_timestamp": ("timestamp present", "可信时间戳齐全"),
    "outcome_passed": ("passed", "通过"),
    "outcome_failed": ("failed", "未通过"),
    "outcome_not_applicable": ("not applicable", "不适用"),
    "outcome_unknown": ("unknown", "未知"),
    "outcome_withheld": ("withheld", "未披露"),
    "not_asked": ("Not asked for; use --deep.", "未要求；请使用 --deep。"),
    # Failures while verifying.
    "sidecar_missing": (
        "{file} has no credential beside it. Register it, or fetch the package again.",
        "{file} 旁边没有凭证。请登记，或重新获取资产包。",
    ),
    "sidecar_renamed": (
        "{file} bears another name than it was sealed under ({detail}). Give it its name back.",
        "{file} 的名称与封存时不同（{detail}）。请改回原名。",
    ),
    "credential_malformed": (
        "{file} is not a credential this version can read (field {detail}). Fetch the original file again.",
        "{file} 不是可读取的凭证（字段 {detail}）。请重新获取原始文件。",
    ),
    "credential_critical_unknown": (
        "{file} demands “{detail}”, which this version does not know. Update before you rely on it.",
        "{file} 要求支持“{detail}”，当前版本不认识。请升级后再核验。",
    ),
    "credential_version_unknown": (
        "{file} was made by another version of the format ({detail}). Update before you rely on it.",
        "{file} 使用了其他版本的格式（{detail}）。请升级后再核验。",
    ),
    "paths_collide": (
        "“{name}” and another file have names that are one on some systems. Rename one of them.",
        "“{name}”与另一文件的名称在某些系统上相同。请重命名其中之一。",
    ),
    "proof_missing": ("{file} bears no signature.", "{file} 没有签名。"),
    "proof_malformed": ("The signature in {file} cannot be read.", "{file} 中的签名无法读取。"),
    "proof_unsupported": ("{file} is signed in a way this version does not know.", "{file} 的签名方式不受支持。"),
    "proof_context_differs": ("The signature in {file} speaks of another document.", "{file} 的签名属于另一份文件。"),
    "signature_invalid": (
        "{file} changed after it was signed. Fetch the original file again.",
        "{file} 在签名之后有变更。请重新获取原始文件。",
    ),
    "issuer_not_signer": (
        "{file} was not signed by the issuer it names ({detail}).",
        "{file} 并非由其所写的签发方签名（{detail}）。",
    ),
    "issuer_untrusted": (
        "{detail}, who issued {file}, is not trusted here. If you know them: arpctl trust accept.",
        "{file} 由 {detail} 签发，本工作站尚未信任。如确认其身份，请执行 arpctl trust accept。",
    ),
    "issuer_outside_window": (
        "{detail}, who issued {file}, is not trusted as an issuer at this time.",
        "{file} 的签发方 {detail} 目前不在受信任期内。",
    ),
    "credential_revoked": ("{file} was revoked by its issuer.", "{file} 已被签发方撤销。"),
    "credential_suspended": ("{file} is suspended by its issuer.", "{file} 已被签发方暂停。"),
    "status_list_absent": (
        "Whether {file} was revoked is not known here. Fetch the issuer's status list: arpctl status import.",
        "无法得知 {file} 是否已撤销：缺少签发方的状态列表。请获取后执行 arpctl status import。",
    ),
    "status_list_not_issuers": (
        "The status list for {file} was not signed by its issuer. Fetch it again.",
        "{file} 的状态列表不是由签发方签名的。请重新获取。",
    ),
    "status_list_stale": (
        "The status list for {file} is out of date. Fetch a new one.",
        "{file} 的状态列表已过期。请获取新的列表。",
    ),
    "status_list_invalid": (
        "The status list cannot be used ({reason}).",
        "状态列表无法使用（{reason}）。",
    ),
    "credential_expired": (
        "{file} was valid until {detail}. Ask for a new one.",
        "{file} 的有效期至 {detail}。请申请新凭证。",
    ),
    "credential_not_yet_valid": (
        "{file} is valid from {detail} only. Check the clock of this computer.",
        "{file} 自 {detail} 起才有效。请检查本机时间。",
    ),
    "file_missing": ("{file} is missing. Fetch it again.", "缺少 {file}。请重新获取。"),
    "file_name_differs": (
        "{file} stands here as {detail}. Give it its name back.",
        "{file} 在此名为 {detail}。请改回原名。",
    ),
    "file_changed": ("{file} changed after it was sealed.", "{file} 在封存后有变更。"),
    "file_swapped": ("{file} was exchanged: {detail}.", "{file} 的内容被换成了另一个文件：{detail}。"),
    "file_is_link": ("{file} is a link; a package holds real files only.", "{file} 是链接；资产包只接受真实文件。"),
    "file_ambiguous": ("{file} is there twice: {detail}.", "{file} 出现了两次：{detail}。"),
    "file_not_regular": ("{file} is not an ordinary file.", "{file} 不是普通文件。"),
    "folder_too_deep": (
        "{file} is nested deeper than a package may be. Move it out.",
        "{file} 的层级超过资产包允许的深度。请移出。",
    ),
    "folder_too_large": (
        "The folder holds more files than are looked at. Verify the packages in it one by one.",
        "文件夹中的文件过多，未全部检查。请逐个核验其中的资产包。",
    ),
    "attachment_invalid": (
        "{file} is too large, or no ordinary file, so it cannot be a proof. Fetch it again.",
        "{file} 过大或不是普通文件，不可能是证明文件。请重新获取。",
    ),
    "glb_too_many_meshes": (
        "{name} holds more than {limit} meshes. Join some of them, or split the file.",
        "{name} 的网格超过 {limit} 个。请合并网格或拆分文件。",
    ),
    "json_too_many_values": (
        "{name} holds more than the {limit} values that such a file may have. Fetch the original file again.",
        "{name} 的数值超过此类文件允许的 {limit} 个。请重新获取原始文件。",
    ),
    "status_acts_damaged": (
        "This station's record of revocations is damaged ({reason}). Restore status/acts.jsonl from a backup.",
        "本工作站的撤销记录已损坏（{reason}）。请从备份恢复 status/acts.jsonl。",
    ),
    "file_unreadable": ("{file} cannot be opened. Check its permissions.", "无法打开 {file}。请检查权限。"),
    "file_unlisted": (
        "{file} stands in the package but was not sealed with it. Move it out, or register it.",
        "{file} 在资产包内，但未随包封存。请移出，或单独登记。",
    ),
    "credential_of_another_file": (
        "The credential beside {file} belongs to another file.",
        "{file} 旁的凭证属于另一个文件。",
    ),
    "link_in_package": (
        "{name} is a link; a package holds real files only.",
        "{name} 是链接；资产包只接受真实文件。",
    ),
    "more_failures": ("And {detail} more.", "另有 {detail} 项。"),
    "record_withheld": ("Withheld by the sender: {detail}.", "发送方未披露：{detail}。"),
    "records_malformed": ("{file} is not a records file this version can read.", "{file} 不是可读取的记录文件。"),
    "records_of_another_credential": ("{file} belongs to another credential.", "{file} 属于另一份凭证。"),
    "record_changed": (
        "The record “{detail}” in {file} changed after sealing.",
        "{file} 中的记录“{detail}”在封存后有变更。",
    ),
    "record_unlisted": ("The record “{detail}” in {file} was not sealed.", "{file} 中的记录“{detail}”未经封存。"),
    "evidence_mismatch": ("The evidence reference does not fit the node records.", "存证引用与节点记录不一致。"),
    "credential_tier_unknown": (
        "The credential names “{detail}”, which is no asset tier.",
        "凭证中的资产层级“{detail}”未知。",
    ),
    "tier_record_absent": (
        "The asset's tier demands the record “{detail}”, which was not sealed.",
        "该资产层级要求的记录“{detail}”未封存。",
    ),
    "geometry_changed": (
        "The mesh “{detail}” in {file} is not the one that was sealed.",
        "{file} 中的网格“{detail}”与封存时不同。",
    ),
    "library_missing": (
        "{file} could not be read again here: a library is missing ({detail}).",
        "无法在此重新读取 {file}：缺少组件（{detail}）。",
    ),
    "label_missing": (
        "{file} lacks the AI label it was sealed with. Restore it from the credential.",
        "{file} 缺少封存时的 AI 标识。请从凭证恢复。",
    ),
    "label_differs": ("{file} bears another AI label than was sealed.", "{file} 的 AI 标识与封存时不同。"),
    "log_proof_missing": (
        "{file} is due and missing. Fetch the package again.",
        "缺少应有的 {file}。请重新获取资产包。",
    ),
    "log_proof_unchecked": (
        "{file} is there, but this version cannot check it yet.",
        "{file} 存在，但当前版本尚不能核验。",
    ),
    "timestamp_missing": (
        "{file} is due and missing. Fetch the package again.",
        "缺少应有的 {file}。请重新获取资产包。",
    ),
    "timestamp_unchecked": (
        "{file} is there, but this version cannot check it yet.",
        "{file} 存在，但当前版本尚不能核验。",
    ),
    # Errors while identifying and sealing.
    "origin_unknown": (
        "“{origin}” says nothing about where this is from. Choose one of: {known}.",
        "“{origin}”不是有效的来源。请从以下选项中选择：{known}。",
    ),
    "rights_invalid": (
        "The rights cannot be used ({reason}). Correct the rights file.",
        "授权内容无法使用（{reason}）。请修改授权文件。",
    ),
    "use_invalid": (
        "“{value}” does not say what the asset is for. Write project=…,purpose=…,territory=…,date=2026-01-31.",
        "“{value}”没有说明用途。请写成 project=…,purpose=…,territory=…,date=2026-01-31。",
    ),
    "tier_unknown": (
        "“{tier}” is no asset tier. Choose one of: {known}.",
        "“{tier}”不是资产层级。可选：{known}。",
    ),
    "tier_record_missing": (
        "An asset of tier “{tier}” needs the record “{record}”. Give it in a TOML file: --record FILE.",
        "“{tier}”层级的资产需要记录“{record}”。请写入 TOML 文件并用 --record FILE 提供。",
    ),
    "tier_differs": (
        "A next version keeps its tier, “{tier}”. Leave out --tier.",
        "下一版本沿用层级“{tier}”。请去掉 --tier。",
    ),
    "record_file_invalid": (
        "{name} cannot be read as TOML tables ({reason}). Correct it.",
        "{name} 不是有效的 TOML 表（{reason}）。请修改。",
    ),
    "object_kind_unknown": (
        "“{kind}” is no kind of object. Choose one of: {known}.",
        "“{kind}”不是对象类型。可选：{known}。",
    ),
    "object_differs": (
        "The file bears the identifier of another asset than {name} does.",
        "文件中的标识与 {name} 的资产不同。",
    ),
    "nothing_to_seal": ("There is no file to seal for {name}.", "{name} 没有可封存的文件。"),
    "not_a_file": ("{path} is not an ordinary file. Name the file itself.", "{path} 不是普通文件。请指定文件本身。"),
    "sidecar_exists": (
        "{name} is already there. To register an edit as the next version, give --parent with its sidecar.",
        "{name} 已存在。如要把修改登记为下一版本，请用 --parent 指定其凭证。",
    ),
    "same_as_parent": (
        "{name} is unchanged since its parent was sealed, so there is no new version to register.",
        "{name} 自上一版本封存后没有变化，无需登记新版本。",
    ),
    "file_changing": (
        "{name} changed while it was being read. Save it, then try again.",
        "{name} 在读取过程中发生变化。请保存后重试。",
    ),
    "label_required": (
        "Work of the kind “{source_type}” must carry an AI label, and none was given.",
        "“{source_type}”类内容必须带有 AI 标识，但没有提供。",
    ),
    "label_lost": (
        "{name} lost the AI label of the version it was made from. Restore it from the credential: --restore-label.",
        "{name} 丢失了上一版本的 AI 标识。请从凭证恢复：--restore-label。",
    ),
    "credential_source_type_unknown": (
        "The credential names “{detail}”, which is no known source type.",
        "凭证中的来源类型“{detail}”未知。",
    ),
    "parent_unusable": (
        "{name} cannot be read as a parent ({reason}). Fetch it again.",
        "{name} 无法作为上一版本读取（{reason}）。请重新获取。",
    ),
    "parent_not_intact": (
        "{name} changed after it was sealed ({reason}), so nothing can be registered as its next version.",
        "{name} 在封存后有变更（{reason}），不能在其上登记下一版本。",
    ),
    "parent_untrusted": (
        "{name} was issued by {issuer}, whom this station does not trust. Accept that issuer first: arpctl trust accept.",
        "{name} 由 {issuer} 签发，本工作站尚未信任。请先执行 arpctl trust accept。",
    ),
    "parent_revoked": (
        "{name} is revoked or suspended, so no next version may be registered. Ask its issuer.",
        "{name} 已撤销或暂停，不能登记下一版本。请联系签发方。",
    ),
    "credential_not_ours": ("{credential} was not sealed by this station.", "{credential} 不是本工作站签发的。"),
    "revocation_final": (
        "{credential} was revoked; that cannot be taken back. Register a new version.",
        "{credential} 已撤销，无法恢复。请登记新版本。",
    ),
    "status_list_full": ("The status list of this station is full.", "本工作站的状态列表已满。"),
    "status_busy": (
        "Another process is changing the status list. Try again; if none is, remove {path}.",
        "另一进程正在修改状态列表。请重试；若无其他进程，请删除 {path}。",
    ),
    # The command line.
    "verify_line": ("{path}: {status}{version} · {rights}", "{path}：{status}{version} · {rights}"),
    "verify_note_dropping": ("left by the operating system: {detail}", "操作系统遗留文件：{detail}"),
    "verify_note_unchecked": ("present, not checked: {detail}", "存在，未核验：{detail}"),
    "verify_note_attested": ("sealed by its own credential: {detail}", "另有凭证的文件：{detail}"),
    "register_done": (
        "{path}: sealed as {version}, credential {credential}",
        "{path}：已封存为 {version}，凭证 {credential}",
    ),
    "trust_accepted": ("{did} is now trusted as {roles}.", "已信任 {did}（{roles}）。"),
    "trust_status_list": (
        "Whether it revoked anything is not known here yet: arpctl status import, with its file or its bridge's address.",
        "其是否撤销过凭证尚不可知：请执行 arpctl status import，指定对方给的文件或其桥接服务地址。",
    ),
    "trust_removed": ("{did} is no longer trusted.", "已不再信任 {did}。"),
    "trust_unknown": ("{did} is not in the trust list.", "信任列表中没有 {did}。"),
    "register_one_with_parent": ("With --parent, name one file only.", "使用 --parent 时只能指定一个文件。"),
    "register_rights_or_origin": ("Give either --rights or --origin, not both.", "--rights 与 --origin 只能选其一。"),
    "trust_own_key": (
        "This is this station's own key; without it nothing made here would verify, so it stays in the list.",
        "这是本工作站自己的密钥；移除后本站产出的资产都无法通过核验，因此予以保留。",
    ),
    "did_invalid": (
        "“{value}” is not an issuer's key. It looks like did:key:z6Mk…; copy the whole of it.",
        "“{value}”不是签发方密钥。其形式为 did:key:z6Mk…，请完整复制。",
    ),
    "trust_nobody": ("This station trusts nobody yet.", "本工作站尚未信任任何签发方。"),
    "status_changed": ("{credential} is now {change}.", "{credential} 现为：{change}。"),
    "status_lifted": ("The suspension of {credential} was lifted.", "{credential} 的暂停已解除。"),
    "status_exported": ("Status lists written to {path}.", "状态列表已写入 {path}。"),
    "status_imported": ("Status list taken in from {path}.", "已导入状态列表 {path}。"),
}

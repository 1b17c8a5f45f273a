"""Sentences of the bridge area: ``key -> (English, 中文)``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- reaching a bridge -------------------------------------------------------
    "bridge_absent": (
        "No bridge answers at {url}. Start one with “arpctl bridge”, or check the address.",
        "{url} 上没有桥接服务响应。请用“arpctl bridge”启动，或检查地址。",
    ),
    "bridge_none_running": (
        "No bridge is running for this home. Start one with “arpctl bridge”.",
        "当前主目录没有正在运行的桥接服务。请用“arpctl bridge”启动。",
    ),
    "bridge_refused": ("The bridge did not accept this: {sentence}", "桥接服务未接受此请求：{sentence}"),
    "bridge_answer_invalid": (
        "What answers at {url} is not a bridge we understand ({reason}). Check the address and the versions.",
        "{url} 的应答无法识别（{reason}）。请检查地址和版本。",
    ),
    "bridge_url_invalid": (
        "“{url}” is no bridge address. Write it like http://127.0.0.1:8600.",
        "“{url}”不是桥接服务地址。请写成 http://127.0.0.1:8600 的形式。",
    ),
    "bridge_did_not_start": (
        "The bridge on this computer did not start ({reason}). See {log}.",
        "本机桥接服务未能启动（{reason}）。详情见 {log}。",
    ),
    "bridge_ended": (
        "The work was interrupted, because the bridge that this command had started ended. Run the command again; see {log}.",
        "此命令启动的桥接服务已结束，工作中断。请重新运行该命令；详情见 {log}。",
    ),
    "bridge_already_running": (
        "A bridge for this home is already running at {url} (process {pid}). Use that one, or stop it first.",
        "当前主目录已有桥接服务在 {url} 运行（进程 {pid}）。请直接使用，或先停止它。",
    ),
    "bridge_port_taken": (
        "The bridge cannot listen on {host} port {port} ({reason}). Choose another port, or 0 for any.",
        "桥接服务无法监听 {host} 的 {port} 端口（{reason}）。请换一个端口，或用 0 自动选择。",
    ),
    "bridge_not_loopback": (
        "The bridge listens on this computer only, and {host} is not it. Reach it from elsewhere through an SSH tunnel.",
        "桥接服务只在本机监听，而 {host} 不是本机地址。如需远程使用，请通过 SSH 隧道。",
    ),
    "bridge_fault": (
        "The bridge met a fault of its own; nothing was sealed. Try again, and send its log to your pipeline TD.",
        "桥接服务内部出错，未封存任何内容。请重试，并将其日志交给流程 TD。",
    ),
    # -- at the gate ---------------------------------------------------------------
    "token_refused": (
        "The bridge does not know this token. Take the one that stands in the home's bridge.json.",
        "桥接服务不认识此令牌。请使用主目录中 bridge.json 里的令牌。",
    ),
    "host_refused": (
        "A request for “{host}” reached this bridge, which answers for this computer only.",
        "收到发往“{host}”的请求，而此桥接服务只应答本机。",
    ),
    "origin_refused": (
        "A web page from {origin} tried to use this bridge. Only its own address may.",
        "来自 {origin} 的网页试图使用此桥接服务，只允许其自身地址。",
    ),
    "body_too_large": (
        "This is larger than the {limit} bytes that the bridge takes at once. Send a smaller file.",
        "内容超过桥接服务一次可接收的 {limit} 字节。请发送较小的文件。",
    ),
    "body_too_slow": (
        "Nothing more of the request arrived for {seconds} s, so it was dropped. Send it again.",
        "请求中断超过 {seconds} 秒，已被放弃。请重新发送。",
    ),
    "range_impossible": (
        "The file does not have the part that was asked for. Ask for one that lies inside it.",
        "文件中没有所请求的部分。请改为文件范围内的部分。",
    ),
    "request_invalid": (
        "The request is not as expected at {where} ({reason}).",
        "请求在 {where} 处不符合要求（{reason}）。",
    ),
    "route_unknown": ("This bridge has nothing at {where}.", "此桥接服务没有 {where}。"),
    "method_refused": ("{where} cannot be used in this way.", "{where} 不支持这种用法。"),
    "idempotency_conflict": (
        "The key “{key}” was already used for another request (job {job}). Use a new key.",
        "键“{key}”已用于另一个请求（作业 {job}）。请换一个新键。",
    ),
    # -- what is not there -----------------------------------------------------------
    "blob_unknown": (
        "The bridge does not have the file {sha256}. Upload it first.",
        "桥接服务没有文件 {sha256}。请先上传。",
    ),
    "object_unknown": ("This bridge has no object {object}.", "此桥接服务没有对象 {object}。"),
    "job_unknown": ("This bridge has no job {job}.", "此桥接服务没有作业 {job}。"),
    "output_unknown": ("Job {job} has no file “{name}”.", "作业 {job} 没有文件“{name}”。"),
    "credential_unknown": ("This bridge has no credential {credential}.", "此桥接服务没有凭证 {credential}。"),
    "recipe_unknown": (
        "There is no recipe “{name}”. Known are: {known}.",
        "没有名为“{name}”的工序模板。已有：{known}。",
    ),
    "job_not_finished": (
        "Job {job} is still {state}; its files are there when it has ended.",
        "作业 {job} 仍在进行（{state}），结束后才有文件。",
    ),
    # -- how a job can end -------------------------------------------------------------
    "worker_gone": (
        "The working process ended unexpectedly, twice. Try again; if it repeats, free memory and see {log}.",
        "工作进程两次意外结束。请重试；若再次发生，请释放内存并查看 {log}。",
    ),
    "worker_not_ready": (
        "The working process ended before it was ready: this installation is incomplete. Install it again; see {log}.",
        "工作进程在就绪之前就已结束：安装不完整。请重新安装；详情见 {log}。",
    ),
    "worker_not_started": (
        "The working process could not be started ({reason}). Free memory and try again.",
        "无法启动工作进程（{reason}）。请释放内存后重试。",
    ),
    "worker_fault": (
        "A step failed for a reason it did not foresee ({reason}). Send this to your pipeline TD.",
        "某个步骤因未预料的原因失败（{reason}）。请将此信息交给流程 TD。",
    ),
    "node_timeout": (
        (
            "The step “{node}” took longer than {seconds} s and was ended; nothing was sealed. Try another picture, or allow "
            "more with arpctl bridge --node-timeout."
        ),
        "步骤“{node}”超过 {seconds} 秒，已被终止，未封存任何内容。请换一张图片，或用 arpctl bridge --node-timeout 放宽。",
    ),
    "node_timeout_invalid": (
        "“{value}” is no number of seconds above 0.",
        "“{value}”不是大于 0 的秒数。",
    ),
    "output_changed": (
        "The result “{name}” changed while it was being stored, so it was not used. Try again.",
        "结果“{name}”在保存时发生变化，未予采用。请重试。",
    ),
    "stamp_not_reversible": (
        "The stamp changed more of {name} than it may, so nothing was sealed. Send this to your pipeline TD.",
        "写入标记时改动了 {name} 中不应改动的内容，因此未封存。请将此信息交给流程 TD。",
    ),
    "delivery_missing": (
        "The recipe delivers {output}, but no step made it, so nothing was sealed.",
        "工序模板要求交付 {output}，但没有步骤产出它，因此未封存。",
    ),
    "job_lost": (
        "This job was started {attempts} times and never came to its end. Submit it again.",
        "此作业启动了 {attempts} 次仍未完成。请重新提交。",
    ),
    "job_cancelled": ("The job was cancelled; nothing was left behind.", "作业已取消，没有留下任何文件。"),
    "job_failed": ("The job failed; nothing was sealed.", "作业失败，未封存任何内容。"),
    "blob_lost": (
        "A stored result of the step “{node}” is gone from the home, so the job cannot go on. Submit it again.",
        "步骤“{node}”已保存的结果在主目录中丢失，作业无法继续。请重新提交。",
    ),
    "node_failed_before": (
        "The step “{node}” failed before the bridge was restarted. Submit the job again.",
        "步骤“{node}”在桥接服务重启前已失败。请重新提交作业。",
    ),
    # -- the ledger --------------------------------------------------------------------
    "ledger_unusable": (
        "The ledger {path} cannot be used ({reason}). Restore it from your backup.",
        "无法使用台账 {path}（{reason}）。请从备份恢复。",
    ),
    "ledger_full": (
        "The ledger {path} cannot be written ({reason}). Free some space; jobs go on by themselves.",
        "无法写入台账 {path}（{reason}）。请清理磁盘空间，作业会自动继续。",
    ),
    # -- hints ---------------------------------------------------------------------------
    "hint_request": ("Correct the request and send it again.", "请修正请求后重新发送。"),
    "hint_integrity": (
        "Do not use what is here; fetch the original again.",
        "请勿使用现有内容，重新获取原件。",
    ),
    "hint_audit": ("Look at the node's record for the reason.", "请查看节点记录中的原因。"),
    "hint_storage": ("Free some space on the bridge's disk.", "请清理桥接服务所在磁盘的空间。"),
    "hint_bridge": ("Try again in a moment.", "请稍后重试。"),
    "hint_token": ("Send the header “Authorization: Bearer TOKEN”.", "请发送请求头“Authorization: Bearer 令牌”。"),
    "hint_loopback": ("Use http://127.0.0.1 with the bridge's port.", "请使用 http://127.0.0.1 加桥接服务的端口。"),
    "hint_wait": ("Watch the job's events and ask again.", "请关注作业事件，稍后再取。"),
    "hint_fault": ("Send the bridge's log to your pipeline TD.", "请将桥接服务日志交给流程 TD。"),
    # -- the command line ------------------------------------------------------------------
    "bridge_running": (
        "The bridge runs at {url} (process {pid}). Ctrl-C stops it.",
        "桥接服务运行于 {url}（进程 {pid}）。按 Ctrl-C 停止。",
    ),
    "key_by_permissions": (
        "The station key is protected by file permissions only; “arpctl key protect” gives it a passphrase.",
        "工作站密钥仅由文件权限保护；运行“arpctl key protect”可设置口令。",
    ),
    "picture_too_large": (
        "{name} has {size} bytes, more than the {limit} that a picture may have. Export it smaller.",
        "{name} 有 {size} 字节，超过图片允许的 {limit} 字节。请导出较小的图片。",
    ),
    "height_invalid": (
        "“{value}” is no height in metres from {minimum} to {maximum}. Write it like 0.9.",
        "“{value}”不是 {minimum} 到 {maximum} 米之间的高度。请写成 0.9 的形式。",
    ),
    "out_folder_occupied": (
        "{path} holds {file}, which no valid credential lists. Choose an empty folder or one of sealed packages only.",
        "{path} 中的 {file} 没有有效凭证。请选择空文件夹，或只存放已封存资产包的文件夹。",
    ),
    "origin_question": (
        "Where is this from? mine, production, licensed, client or found: ",
        "来自哪里？mine（我的）、production（剧组）、licensed（已获授权）、client（客户）或 found（网上找到）：",
    ),
    "origin_assumed": (
        "Nobody was asked where this is from, so it counts as found: it may be tried, never published. Say --origin.",
        "未说明来源，按“网上找到”处理：可以试用，不得发布。请用 --origin 说明。",
    ),
    "image_renamed": (
        "The files are called “{name}”, because the picture's own name is too long or not possible on every system.",
        "图片原名过长或并非所有系统都支持，文件将命名为“{name}”。",
    ),
    "image_sealed": (
        "Sealed {name} v{version} in {seconds} s. Credential: {sidecar}",
        "已封存 {name} v{version}，用时 {seconds} 秒。凭证：{sidecar}",
    ),
    "signed_elsewhere": (
        "The bridge signed with {did}, which this station does not trust until you run: arpctl trust accept {did}",
        "此资产由桥接服务以 {did} 签发；在运行 arpctl trust accept {did} 之前，本工作站不信任该签发方。",
    ),
    "stage_line": ("[{index}/{count}] {title}", "［{index}/{count}］{title}"),
    "job_line": ("{job}  {state}  {name}  {created}  {code}", "{job}  {state}  {name}  {created}  {code}"),
    "job_none": ("There are no jobs yet.", "还没有作业。"),
    # -- reproducing -----------------------------------------------------------------------
    "records_withheld": (
        "The records of {name} were withheld or are not beside it, so the job cannot be run again.",
        "{name} 的记录未披露或不在其旁，无法重跑作业。",
    ),
    "records_mismatch": (
        "The records beside {name} are not the ones that were signed ({part}). Fetch the original files again.",
        "{name} 旁的记录与签名时的记录不符（{part}）。请重新获取原始文件。",
    ),
    "not_from_a_job": (
        "{name} was not made by a job, so there is nothing to run again.",
        "{name} 不是由作业生成的，没有可重跑的内容。",
    ),
    "input_not_found": (
        "The input with SHA-256 {sha256} is not in this home. Name the original picture with --input.",
        "主目录中没有 SHA-256 为 {sha256} 的输入。请用 --input 指定原图。",
    ),
    "input_differs": (
        "{name} is not the picture the job was made from (SHA-256 {arrived}, expected {expected}).",
        "{name} 不是该作业所用的图片（SHA-256 为 {arrived}，应为 {expected}）。",
    ),
    "reproduced": (
        "Reproduced: {count} nodes ran again and every unsealed output has the recorded digest.",
        "复现成功：{count} 个节点重跑，所有封存前输出的摘要均与记录一致。",
    ),
    "reproduce_step_changed": (
        "Not reproduced: this installation's step “{node}” is not the one that was recorded.",
        "未能复现：本机的步骤“{node}”与记录时的不是同一个。",
    ),
    "reproduce_result_differs": (
        "Not reproduced: the step “{node}” gave another result than the recorded one.",
        "未能复现：步骤“{node}”的结果与记录不同。",
    ),
    "reproduce_run_differs": (
        "Not reproduced: the step “{node}” did not run as it was recorded.",
        "未能复现：步骤“{node}”的运行情况与记录不同。",
    ),
    "reproduce_differs": (
        "  {node}, {field}: recorded {recorded}, now {now}",
        "  {node}，{field}：记录为 {recorded}，现为 {now}",
    ),
    "reproduce_environment": (
        "The environments differ in {field}; bit-exact results are promised on x86-64-v3 with the same versions only.",
        "环境在 {field} 上不同；只有在 x86-64-v3 且版本相同时才保证逐位一致。",
    ),
}

"""Sentences of the command line itself. ``key -> (English, 中文)``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "cli_overview": (
        "arpctl {version} – register on entry, follow the rules while working, leave with a credential.",
        "arpctl {version} —— 进门先登记，干活按规矩，出门带凭证。",
    ),
    "cli_overview_end": (
        "arpctl COMMAND --help explains a command.",
        "运行 arpctl 命令 --help 查看该命令的用法。",
    ),
    "cli_image_to_3d": ("turn a picture into a sealed 3D asset", "把一张图片变成已封存的三维资产"),
    "cli_register": ("register files, or an edit as the next version", "登记文件，或把修改登记为下一版本"),
    "cli_verify": ("check files, sidecars or folders", "核验文件、凭证或文件夹"),
    "cli_show": ("print a credential for reading", "以便于阅读的形式显示凭证"),
    "cli_reproduce": ("run a recorded job again and compare", "重跑已记录的作业并逐节点比对"),
    "cli_digest": ("print a file's digest, sealed or unsealed", "显示文件摘要（封存前或封存后）"),
    "cli_trust": ("show or change whom this station trusts", "查看或修改本工作站信任的签发方"),
    "cli_key": ("show this station's key, or protect it with a passphrase", "查看本工作站密钥，或为其设置口令"),
    "key_line": ("{did}\nprotected by {protection}", "{did}\n保护方式：{protection}"),
    "key_protection_passphrase": ("a passphrase", "口令"),
    "key_protection_keyring": ("the system's keyring", "系统密钥环"),
    "key_protection_file_permissions": ("file permissions only", "仅文件权限"),
    "key_protected": (
        "From now on the key needs its passphrase: keep it in ARP_PASSPHRASE or the system's keyring.",
        "此后使用密钥需要口令：请将其存放在 ARP_PASSPHRASE 或系统密钥环中。",
    ),
    "passphrase_absent": (
        "No passphrase was given. Type one, or set ARP_NEW_PASSPHRASE where nobody can type.",
        "没有提供口令。请输入口令；无法输入时请设置 ARP_NEW_PASSPHRASE。",
    ),
    "passphrase_differs": (
        "The two passphrases differ; nothing was changed. Try again.",
        "两次输入的口令不一致，未作改动。请重试。",
    ),
    "passphrase_prompt": ("New passphrase: ", "新口令："),
    "passphrase_again": ("The same again: ", "再次输入："),
    "cli_status": ("revoke, suspend or reinstate a credential", "撤销、暂停或恢复凭证"),
    "cli_bridge": ("serve jobs over HTTP on this computer", "在本机提供作业服务"),
    "cli_job": ("list, show or cancel jobs", "列出、查看或取消作业"),
    "cli_image_to_3d_about": (
        (
            "Turn a picture into a sealed 3D asset: GLB, USD, textures, a labelled preview and the credential, as one package. "
            "Uses the bridge that runs for this home, or starts one for as long as it takes."
        ),
        (
            "把一张图片变成已封存的三维资产：GLB、USD、贴图、带标识的预览图和凭证，合为一个资产包。"
            "使用当前主目录正在运行的桥接服务；没有时临时启动一个。"
        ),
    ),
    "cli_reproduce_about": (
        (
            "Run the job recorded in a sidecar again, in any home, and compare every node with its signed record. "
            "Exit code 0 only if every unsealed output is equal; otherwise the first difference is named."
        ),
        (
            "按凭证中的记录重跑作业（任何主目录均可），逐节点与签名记录比对。"
            "封存前输出全部一致时退出码为 0，否则指出第一处不同。"
        ),
    ),
    "cli_bridge_about": (
        (
            "Serve jobs over HTTP on this computer only, until Ctrl-C. Commands and applications of the same home find it by "
            "themselves."
        ),
        "在本机提供作业服务，仅本机可访问，按 Ctrl-C 停止。同一主目录的命令和软件会自动找到它。",
    ),
    "cli_job_about": (
        (
            "List, show or cancel jobs: of the bridge that is named or runs for this home. Where none runs, list and show read "
            "this home's ledger."
        ),
        "列出、查看或取消作业：针对指定的或当前主目录正在运行的桥接服务。没有服务时，list 和 show 直接读取台账。",
    ),
    "command_unknown": (
        "There is no command “{name}”. The list above shows what there is.",
        "没有名为“{name}”的命令。请参看上面的列表。",
    ),
    "package_missing": (
        "This command needs the Python package “{name}”. Run: pip install 'asset-routing-pipeline[bridge]'",
        "此命令需要 Python 包“{name}”。请运行：pip install 'asset-routing-pipeline[bridge]'",
    ),
}

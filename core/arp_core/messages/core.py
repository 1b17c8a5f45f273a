"""Sentences of the core: formats, keys, files. ``key -> (English, 中文)``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "json_malformed": (
        "{name} is not valid JSON ({reason}). Fetch the original file again.",
        "{name} 不是有效的 JSON（{reason}）。请重新获取原始文件。",
    ),
    "json_duplicate_key": (
        "{name} names the key “{key}” twice, so it can be read in two ways. Fetch the original file again.",
        "{name} 中的键“{key}”出现了两次，含义不唯一。请重新获取原始文件。",
    ),
    "json_not_a_number": (
        "{name} holds {value}, which JSON does not allow. Fetch the original file again.",
        "{name} 含有 JSON 不允许的 {value}。请重新获取原始文件。",
    ),
    "json_too_large": (
        "{name} is larger than the {limit} bytes that such a file may have. Fetch the original file again.",
        "{name} 超过了此类文件允许的 {limit} 字节。请重新获取原始文件。",
    ),
    "json_too_deep": (
        "{name} is nested deeper than {limit} levels. Fetch the original file again.",
        "{name} 的嵌套超过 {limit} 层。请重新获取原始文件。",
    ),
    "json_not_canonical": (
        "{name} is not stored in its canonical form, so it was changed after sealing. Fetch the original file again.",
        "{name} 不是规范形式，说明封存后被改写。请重新获取原始文件。",
    ),
    "json_unrepresentable": (
        "A value cannot be written as canonical JSON: {reason}.",
        "有一个值无法写成规范 JSON：{reason}。",
    ),
    "encoding_invalid": (
        "An encoded value is not in its one allowed form ({reason}).",
        "一个编码值不是唯一允许的形式（{reason}）。",
    ),
    "time_invalid": (
        "“{value}” is not a time of the form 2026-01-31T12:00:00Z.",
        "“{value}”不是 2026-01-31T12:00:00Z 形式的时间。",
    ),
    "digest_invalid": (
        "“{value}” is not a SHA-256 digest in lower-case hexadecimal.",
        "“{value}”不是小写十六进制的 SHA-256 摘要。",
    ),
    "digest_mismatch": (
        "The file that arrived is not the one announced (expected {expected}, got {arrived}). Send it again.",
        "收到的文件与声明不符（应为 {expected}，实为 {arrived}）。请重新发送。",
    ),
    "id_invalid": (
        "“{value}” is not a valid {kind} identifier.",
        "“{value}”不是有效的 {kind} 标识。",
    ),
    "key_locked": (
        "The station key could not be opened: the passphrase is wrong or the key file is damaged. Check ARP_PASSPHRASE.",
        "无法打开工作站密钥：口令错误或密钥文件已损坏。请检查 ARP_PASSPHRASE。",
    ),
    "key_file_invalid": (
        "The station key file {name} cannot be read ({reason}). Restore it from your backup.",
        "无法读取工作站密钥文件 {name}（{reason}）。请从备份恢复。",
    ),
    "proof_present": (
        "This document is signed already; nothing was changed.",
        "此文件已签名，未作改动。",
    ),
    "trust_invalid": (
        "The trust list {name} cannot be used ({reason}). Restore it from your backup.",
        "信任列表 {name} 无法使用（{reason}）。请从备份恢复。",
    ),
    "path_unsafe": (
        "The file name “{name}” is not allowed in a package ({reason}). Rename the file.",
        "资产包内不允许文件名“{name}”（{reason}）。请重命名文件。",
    ),
    "name_unsafe": (
        "“{name}” cannot be the name of files on every system ({reason}). Choose another name.",
        "“{name}”无法在所有系统上用作文件名（{reason}）。请换一个名称。",
    ),
    "path_absent": (
        "{path} is not there. Check the name and try again.",
        "{path} 不存在。请检查名称后重试。",
    ),
    "path_unreadable": (
        "{path} cannot be opened ({reason}). Check its permissions and try again.",
        "无法打开 {path}（{reason}）。请检查权限后重试。",
    ),
    "disk_full": (
        "There is no room left to write {path}; nothing was left half-written. Free some space and try again.",
        "磁盘空间不足，无法写入 {path}；没有留下不完整的文件。请清理空间后重试。",
    ),
    "folder_read_only": (
        "The folder {path} cannot be written to. Choose another folder or change its permissions.",
        "无法写入文件夹 {path}。请换一个文件夹或修改权限。",
    ),
    "file_in_the_way": (
        "{path} is already there and was not made by this asset; it was left alone. Choose another name or folder.",
        "{path} 已存在且不属于此资产，未作改动。请换一个名称或文件夹。",
    ),
    "write_failed": (
        "{path} could not be written ({reason}); nothing was left half-written.",
        "无法写入 {path}（{reason}）；没有留下不完整的文件。",
    ),
    "home_from_the_future": (
        "{path} was made by a newer version of this software. Update before you use it.",
        "{path} 由更新版本的软件创建。请先升级。",
    ),
    # Geometry and stamps.
    "file_too_large": (
        "{name} is larger than the {limit} bytes that can be read. Use a smaller file.",
        "{name} 超过了可读取的 {limit} 字节。请使用更小的文件。",
    ),
    "geometry_suffix": (
        "{name} is not a GLB or USD file, so its geometry cannot be read. Export it as GLB or USD.",
        "{name} 不是 GLB 或 USD 文件，无法读取几何。请导出为 GLB 或 USD。",
    ),
    "glb_malformed": (
        "{name} is not a sound GLB file ({reason}). Export it again.",
        "{name} 不是完好的 GLB 文件（{reason}）。请重新导出。",
    ),
    "glb_unsupported": (
        "{name} uses {feature}, which cannot be sealed. Export it without compression, in one file.",
        "{name} 使用了 {feature}，无法封存。请以单个文件、不压缩的方式重新导出。",
    ),
    "mesh_not_finite": (
        "A vertex of the mesh has no finite position. Clean the mesh up and export it again.",
        "网格中有顶点的位置不是有限数值。请清理网格后重新导出。",
    ),
    "mesh_malformed": (
        "The mesh does not fit together ({reason}). Clean it up and export it again.",
        "网格数据前后不一致（{reason}）。请清理网格后重新导出。",
    ),
    "mesh_not_sealable": (
        "The mesh {name} has {degenerate} collapsed and {duplicate} doubled faces. Remove them and try again.",
        "网格 {name} 有 {degenerate} 个退化面和 {duplicate} 个重复面。请删除后重试。",
    ),
    "mesh_too_large": (
        "{name} holds more than {limit} vertices and corners. Split or simplify it.",
        "{name} 的顶点和面角超过 {limit} 个。请拆分或简化。",
    ),
    "usd_malformed": (
        "{name} is not a sound USD file ({reason}). Export it again.",
        "{name} 不是完好的 USD 文件（{reason}）。请重新导出。",
    ),
    "usd_unsupported": (
        "{name} uses {feature}, which cannot be read. Export it in another way.",
        "{name} 使用了 {feature}，无法读取。请换一种方式导出。",
    ),
    "usd_missing": (
        "This Python has no USD library. Install usd-core, or use GLB.",
        "此 Python 没有 USD 库。请安装 usd-core，或改用 GLB。",
    ),
    "usd_suffix": (
        "{name} cannot be written: a sealed USD file is named .usda or .usdc.",
        "无法写入 {name}：封存的 USD 文件应以 .usda 或 .usdc 命名。",
    ),
    "usd_no_root": (
        "{name} holds nothing that a stamp could be put on. Export at least one object.",
        "{name} 中没有可以写入标识的对象。请至少导出一个物体。",
    ),
    "aigc_invalid": (
        "The AI label's field {key} is missing or not in the form that GB 45438-2025 asks for.",
        "AI 标识的字段 {key} 缺失，或不符合 GB 45438-2025 的格式。",
    ),
    "source_type_unknown": (
        "“{value}” is not a digital source type that can be declared.",
        "“{value}”不是可以声明的数字来源类型。",
    ),
    "stamp_fact_invalid": (
        "The stamp's field {field} is missing or not in its allowed form.",
        "写入文件的标识字段 {field} 缺失或格式不符。",
    ),
    "stamp_occupied": (
        "{name} already carries other information in {place}. Export it without metadata and try again.",
        "{name} 中应写入标识的位置（{place}）已有其他信息。请以不含元数据的方式导出后重试。",
    ),
    "stamp_damaged": (
        "The stamp in {name} is not whole. Fetch the original file again.",
        "{name} 中的标识不完整。请重新获取原始文件。",
    ),
    "stamp_suffix": (
        "{name} is not of a kind that can carry a stamp (GLB, USD, PNG, JPEG).",
        "{name} 不是可以写入标识的文件类型（GLB、USD、PNG、JPEG）。",
    ),
    "png_malformed": (
        "{name} is not a sound PNG file ({reason}). Save it again.",
        "{name} 不是完好的 PNG 文件（{reason}）。请重新保存。",
    ),
    "jpeg_malformed": (
        "{name} is not a sound JPEG file ({reason}). Save it again.",
        "{name} 不是完好的 JPEG 文件（{reason}）。请重新保存。",
    ),
    "xmp_malformed": (
        "The metadata in {name} cannot be read. Save the file again without it.",
        "无法读取 {name} 中的元数据。请去除元数据后重新保存。",
    ),
}

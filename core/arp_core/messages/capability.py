"""Sentences of the capability area: ``key -> (English, 中文)``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "capability_unknown": (
        "There is no capability named “{name}”. Known: {known}.",
        "没有名为“{name}”的能力单元。可用：{known}。",
    ),
    "image_truncated": (
        "The picture {name} is incomplete or damaged. Save or copy it again and retry.",
        "图片 {name} 不完整或已损坏。请重新保存或复制后再试。",
    ),
    "image_not_an_image": (
        "{name} is not a PNG, JPEG, WebP, TIFF or BMP picture. Export it in one of these formats and retry.",
        "{name} 不是 PNG、JPEG、WebP、TIFF 或 BMP 图片。请导出为其中一种格式后再试。",
    ),
    "image_too_large": (
        "The picture {name} has {bytes} bytes; at most {limit} are read. Export a smaller copy and retry.",
        "图片 {name} 有 {bytes} 字节，上限为 {limit} 字节。请导出较小的副本后再试。",
    ),
    "image_too_many_pixels": (
        "The picture {name} has more than {limit} pixels. Scale it down and retry.",
        "图片 {name} 超过 {limit} 像素。请缩小后再试。",
    ),
    "image_too_small": (
        "The picture {name} is only {width} × {height} pixels; each side needs at least {limit}. Use a larger picture.",
        "图片 {name} 只有 {width} × {height} 像素，每边至少需要 {limit} 像素。请使用更大的图片。",
    ),
    "image_unreadable": (
        "The picture {name} could not be opened ({reason}). Check the file and its permissions, then retry.",
        "无法打开图片 {name}（{reason}）。请检查文件及其权限后再试。",
    ),
    "image_empty": (
        (
            "The picture has no visible object: it is transparent, or nothing stands out from the background. "
            "Use a picture that shows one object clearly."
        ),
        "图片中没有可见的主体：画面全透明，或没有内容从背景中突出。请使用清楚展示单个物体的图片。",
    ),
    "image_no_background": (
        (
            "The object fills the whole picture, so its outline cannot be found. "
            "Cut the object out, or leave some background around it."
        ),
        "主体占满了整幅画面，无法确定轮廓。请先抠图，或在主体四周留出背景。",
    ),
    "weights_mismatch": (
        "The segmentation weights {name} are not the pinned file. Run tools/fetch_weights.py again.",
        "分割权重 {name} 与登记的文件不一致。请重新运行 tools/fetch_weights.py。",
    ),
    "mesh_file_invalid": (
        "The intermediate mesh {name} cannot be read ({reason}). Run the job again.",
        "中间网格 {name} 无法读取（{reason}）。请重新运行作业。",
    ),
    "mesh_empty": (
        (
            "No solid could be shaped from the outline: the object is too thin or too small in the picture. "
            "Use a picture in which it is larger."
        ),
        "无法由轮廓生成实体：主体在画面中过细或过小。请使用主体更大的图片。",
    ),
    "mesh_not_closed": (
        "The mesh could not be reduced to {faces} faces without opening it. Ask for more faces.",
        "无法在保持封闭的前提下将网格精简到 {faces} 面。请提高面数。",
    ),
    "usd_export_failed": (
        "The USD file could not be written ({reason}). Check free space and permissions, then run the job again.",
        "无法写出 USD 文件（{reason}）。请检查磁盘空间与权限后重新运行作业。",
    ),
    "asset_name_invalid": (
        "“{name}” cannot be used as an asset name. Use letters, digits, spaces, hyphens or underscores.",
        "“{name}”不能用作资产名称。请使用文字、数字、空格、连字符或下划线。",
    ),
}

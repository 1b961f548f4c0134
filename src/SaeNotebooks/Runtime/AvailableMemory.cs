using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Runtime;

/// <summary>How much memory a device can still give.</summary>
internal static class AvailableMemory
{
    /// <param name="device">CPU or another</param>
    /// <returns>bytes; null where nobody tells: of a GPU, and of systems other than Linux what .NET takes for the limit</returns>
    public static long? Of(Device device) => device.type != DeviceType.CPU ? null
        : OperatingSystem.IsLinux() ? OnLinux("/proc/meminfo", "/sys/fs/cgroup") : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The least of what the system has and what the process's control group may still take; what caches hold counts as free.</summary>
    /// <param name="memoryInfo">the file of that name</param>
    /// <param name="controlGroup">where the process's control group is mounted, of version 2 or 1</param>
    public static long? OnLinux(string memoryInfo, string controlGroup)
    {
        long?[] limits = [Field(memoryInfo, "MemAvailable:") * 1024, Left(controlGroup, "memory.max", "memory.current", "memory.stat", "inactive_file"),
            Left(Path.Combine(controlGroup, "memory"), "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat", "total_inactive_file")];
        return limits.Min();
    }

    private static long? Left(string folder, string limit, string usage, string statistics, string cache)
    {
        string In(string name) => Path.Combine(folder, name);
        if (Number(In(limit)) is not { } most || Number(In(usage)) is not { } used) return null;
        return Math.Max(0, most - used + (Field(In(statistics), cache) ?? 0));
    }

    /// <summary>A file that holds one number; null if it is not there or says <c>max</c>.</summary>
    private static long? Number(string path) =>
        Text(path) is [var line, ..] && long.TryParse(line, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Field(string path, string name) => Text(path)
        .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .FirstOrDefault(words => words.Length > 1 && words[0] == name) is { } found ? long.Parse(found[1], CultureInfo.InvariantCulture) : null;

    private static string[] Text(string path)
    {
        try { return File.ReadAllLines(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return []; }
    }
}

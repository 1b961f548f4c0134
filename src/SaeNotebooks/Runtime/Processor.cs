namespace SaeNotebooks.Runtime;

/// <summary>What this machine's processor can do that decides how to compute.</summary>
public static class Processor
{
    private static readonly Lazy<bool> BFloat16 = new(() => OperatingSystem.IsLinux() && File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal)) is { } flags
        && flags.Split(' ').Any(flag => flag is "avx512_bf16" or "amx_bf16"));

    /// <summary>Whether it multiplies bfloat16 by instructions of its own (AVX-512 BF16 or AMX), several times as fast as float32. False
    /// where that cannot be told, which is everywhere but on Linux.</summary>
    public static bool MultipliesBFloat16 => BFloat16.Value;
}
